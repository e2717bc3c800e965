package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the code to the table of packages: which there are, and which of ours each may import. */
class PackageTableTest {
  private static final String ROOT = "dev.rollcall";

  private static final Set<String> OF_A_TRANSPORT =
      Set.of(
          "access",
          "base",
          "budgets",
          "config",
          "wire",
          "users",
          "sources",
          "views",
          "jobs",
          "followers.cursors",
          "followers.erasures",
          "operations",
          "tracing");

  private static final Set<String> OF_A_STORE =
      Set.of(
          "access",
          "access.sessions",
          "base",
          "config",
          "wire",
          "users",
          "jobs",
          "store",
          "store.erasures",
          "store.statements",
          "store.tables",
          "tracing");

  /** The root may import all of them, and none of them the root. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("config", Set.of("config.auth", "config.reading", "config.sources")),
          Map.entry("config.auth", Set.of("config.reading", "config.sources")),
          Map.entry("config.reading", Set.of()),
          Map.entry("config.sources", Set.of("config.reading")),
          Map.entry("base", Set.of()),
          Map.entry("budgets", Set.of("base")),
          Map.entry("wire", Set.of("base")),
          Map.entry("access", Set.of("base", "config", "config.auth", "wire")),
          Map.entry("access.browsers", Set.of("base", "config", "wire")),
          Map.entry("access.tokens", Set.of("access")),
          Map.entry("access.signing", Set.of()),
          Map.entry("access.clients", Set.of("access", "base", "config")),
          Map.entry(
              "access.jwt",
              Set.of("access", "access.tokens", "base", "config.auth", "config.sources", "wire")),
          Map.entry(
              "access.sessions",
              Set.of(
                  "access",
                  "access.signing",
                  "access.tokens",
                  "base",
                  "config",
                  "config.auth",
                  "wire")),
          Map.entry("credentials", Set.of("base", "config")),
          Map.entry("users", Set.of("base", "wire", "credentials")),
          Map.entry("tracing", Set.of("config", "wire")),
          Map.entry(
              "sources",
              Set.of(
                  "base",
                  "config.sources",
                  "wire",
                  "sources.cache",
                  "sources.limits",
                  "sources.tokens",
                  "tracing")),
          Map.entry("sources.cache", Set.of("base", "config.sources")),
          Map.entry("sources.tokens", Set.of("base", "config.sources", "wire")),
          Map.entry("sources.limits", Set.of("config.sources")),
          Map.entry(
              "sources.http",
              Set.of(
                  "base",
                  "config.sources",
                  "wire",
                  "sources",
                  "sources.cache",
                  "sources.limits",
                  "sources.tokens",
                  "tracing")),
          Map.entry(
              "sources.bus",
              Set.of(
                  "base",
                  "config.sources",
                  "wire",
                  "sources",
                  "sources.http",
                  "sources.tokens",
                  "tracing")),
          Map.entry(
              "views",
              Set.of(
                  "base",
                  "budgets",
                  "config",
                  "config.sources",
                  "wire",
                  "users",
                  "sources",
                  "sources.bus",
                  "sources.cache",
                  "tracing")),
          Map.entry(
              "jobs",
              Set.of(
                  "base",
                  "config",
                  "config.sources",
                  "wire",
                  "users",
                  "sources",
                  "views",
                  "tracing")),
          Map.entry("store", Set.of("base", "config", "wire", "users", "jobs", "tracing")),
          Map.entry("followers.cursors", Set.of("access", "base", "users")),
          Map.entry("store.statements", Set.of("base", "store")),
          Map.entry(
              "followers.erasures",
              Set.of(
                  "base",
                  "config.sources",
                  "followers.delivery",
                  "followers.webhooks",
                  "sources.tokens",
                  "users")),
          Map.entry("followers.receipts", Set.of("access.signing", "base", "followers.erasures")),
          Map.entry(
              "followers.traces", Set.of("base", "wire", "jobs", "views", "followers.erasures")),
          Map.entry("followers.delivery", Set.of("base", "wire", "sources.http")),
          Map.entry(
              "followers.webhooks",
              Set.of("base", "config", "wire", "users", "followers.delivery")),
          Map.entry(
              "store.webhooks", Set.of("base", "users", "followers.webhooks", "store.statements")),
          Map.entry(
              "store.erasures", Set.of("base", "users", "followers.erasures", "store.statements")),
          Map.entry(
              "store.tables",
              Set.of(
                  "access",
                  "access.sessions",
                  "base",
                  "followers.cursors",
                  "followers.erasures",
                  "followers.receipts",
                  "followers.traces",
                  "followers.webhooks",
                  "jobs",
                  "store",
                  "store.erasures",
                  "store.statements",
                  "store.webhooks")),
          Map.entry("store.sqlite", OF_A_STORE),
          Map.entry("store.postgres", OF_A_STORE),
          Map.entry(
              "store.remote",
              Set.of(
                  "access",
                  "access.sessions",
                  "base",
                  "wire",
                  "users",
                  "followers.cursors",
                  "followers.receipts",
                  "followers.erasures",
                  "followers.webhooks",
                  "tracing")),
          Map.entry(
              "store.copy",
              Set.of("base", "config", "wire", "users", "store", "store.sqlite", "store.postgres")),
          Map.entry(
              "operations",
              Set.of(
                  "access",
                  "access.clients",
                  "access.sessions",
                  "base",
                  "budgets",
                  "config",
                  "config.sources",
                  "wire",
                  "users",
                  "sources",
                  "views",
                  "jobs",
                  "followers.cursors",
                  "followers.receipts",
                  "followers.erasures",
                  "followers.webhooks")),
          Map.entry("framing", Set.of("base", "transport")),
          Map.entry(
              "http.connections", Set.of("access.clients", "base", "budgets", "config", "framing")),
          Map.entry(
              "http.server",
              Set.of(
                  "access",
                  "access.browsers",
                  "access.clients",
                  "base",
                  "budgets",
                  "config",
                  "wire",
                  "framing",
                  "tracing",
                  "http.connections")),
          Map.entry(
              "http",
              with(
                  OF_A_TRANSPORT,
                  "framing",
                  "access.browsers",
                  "access.clients",
                  "http.connections",
                  "http.documents",
                  "http.server",
                  "config.sources")),
          Map.entry("http.documents", Set.of("base", "users", "http.server")),
          Map.entry(
              "bus",
              with(
                  OF_A_TRANSPORT,
                  "access.sessions",
                  "followers.receipts",
                  "followers.webhooks",
                  "store.remote")),
          Map.entry(
              "bus.bridge",
              Set.of(
                  "access",
                  "access.browsers",
                  "access.clients",
                  "base",
                  "budgets",
                  "config",
                  "wire",
                  "operations",
                  "transport")),
          Map.entry("warmup", Set.of()),
          Map.entry("transport", Set.of("base", "config")),
          Map.entry("cluster", Set.of("config", "transport")),
          Map.entry(
              "ops",
              Set.of(
                  "access",
                  "access.browsers",
                  "access.clients",
                  "base",
                  "config",
                  "config.sources",
                  "wire",
                  "framing",
                  "ops.console",
                  "views")),
          Map.entry("ops.console", Set.of("base", "config")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void everyClassIsInAPackageOfTheTable() {
    assertThat(CLASSES)
        .isNotEmpty()
        .allSatisfy(
            type ->
                assertThat(type.getPackageName())
                    .satisfiesAnyOf(
                        name -> assertThat(name).isEqualTo(ROOT),
                        name -> assertThat(MAY_IMPORT).containsKey(feature(type))));
  }

  @Test
  void noPackageImportsWhatTheTableDoesNotName() {
    Set<String> violations =
        CLASSES.stream()
            .filter(type -> !type.getPackageName().equals(ROOT))
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> isOurs(dependency.getTargetClass().getBaseComponentType()))
            .filter(
                dependency ->
                    !allowed(
                        feature(dependency.getOriginClass()),
                        feature(dependency.getTargetClass().getBaseComponentType())))
            .map(dependency -> dependency.getDescription())
            .collect(Collectors.toSet());
    assertThat(violations).isEmpty();
  }

  @Test
  void theTableNamesNoPackageThatIsNotThere() {
    assertThat(CLASSES.stream().map(PackageTableTest::feature).filter(name -> !name.isEmpty()))
        .containsAll(MAY_IMPORT.keySet());
  }

  @Test
  void noPackagesImportEachOtherInACircle() {
    SlicesRuleDefinition.slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  private static Set<String> with(Set<String> packages, String... others) {
    return Stream.concat(packages.stream(), Stream.of(others)).collect(Collectors.toSet());
  }

  private static boolean allowed(String from, String to) {
    return from.equals(to) || MAY_IMPORT.getOrDefault(from, Set.of()).contains(to);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  /** The package below the root, such as {@code store.sqlite}; empty for the root itself. */
  private static String feature(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }
}
