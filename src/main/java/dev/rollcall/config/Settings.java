package dev.rollcall.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.config.reading.ConfigurationFaults;
import dev.rollcall.config.reading.ConfigurationFile;
import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Layers;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.sources.SourceRules;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.ViewRules;
import dev.rollcall.config.sources.ViewSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All settings, immutable and valid: each record refuses what is outside its rules with an {@link
 * IllegalArgumentException} that names the key.
 */
public record Settings(
    HttpSettings http,
    ManagementSettings management,
    AuthSettings auth,
    StoreSettings store,
    ChangesSettings changes,
    OutboundSettings outbound,
    BackupSettings backup,
    CredentialsSettings credentials,
    Map<String, SourceSettings> sources,
    Map<String, ViewSettings> views,
    JobSettings jobs,
    WebhookSettings webhooks,
    ClusterSettings cluster,
    BusSettings bus,
    DeploySettings deploy,
    ShutdownSettings shutdown,
    TracingSettings tracing,
    LogSettings log) {
  private static final Rule<Integer> AMOUNT = Rule.integer(0, 1_000).because("how many there are");

  public Settings {
    AMOUNT.check("sources", sources.size());
    AMOUNT.check("views", views.size());
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    views = Collections.unmodifiableMap(new LinkedHashMap<>(views));
    Faults faults = new Faults();
    int port = http.port();
    if (port != 0 && port == management.port() && overlap(http.host(), management.host())) {
      faults.across(
          "http.port and management.port",
          Integer.toString(port),
          "two different ports, since both listen on the same address",
          "http.port",
          "http.host",
          "management.port",
          "management.host");
    }
    if (store.isOfOtherNodes() && !cluster.enabled()) {
      faults.across(
          "store.kind",
          "remote",
          "another kind, unless this process is a node of a cluster (--cluster), since it has no"
              + " others to ask",
          "cluster");
    }
    if (deploy.http() > 0) {
      auth.checkReach("http.host", http.host(), faults);
    }
    auth.checkReach("management.host", management.host(), faults);
    new ViewRules(sources, views, faults).check();
    if (auth.sessions().isPresent()) {
      auth.sessions().get().requireViews(views.keySet(), faults);
    }
    faults.throwIfAny();
  }

  /** Settings, and lines to be logged, such as one about a variable that is no setting. */
  public record Loaded(Settings settings, List<String> warnings) {}

  /**
   * Reads settings.
   *
   * @param env the environment, of which {@code ROLLCALL_…} are settings and all may be referenced
   * @param file a YAML file, which the environment overrides
   * @param sets {@code KEY=VALUE}, which override both
   * @throws ConfigurationFaults with every fault
   */
  public static Loaded load(Map<String, String> env, Optional<Path> file, List<String> sets)
      throws ConfigurationFaults {
    Faults faults = new Faults();
    ObjectNode tree =
        file.map(path -> ConfigurationFile.read(path, faults))
            .orElseGet(JsonNodeFactory.instance::objectNode);
    Layers layers = new Layers(env, sets, faults);
    Section root = Section.root(tree, layers, faults);
    Optional<Settings> settings = read(root, faults);
    root.refuseUnknownKeys();
    layers.refuseUnknownFlags();
    if (!faults.isEmpty() || settings.isEmpty()) {
      throw new ConfigurationFaults(faults.lines());
    }
    return new Loaded(settings.get(), layers.warnings());
  }

  private static Optional<Settings> read(Section root, Faults faults) {
    try {
      return Optional.of(from(root));
    } catch (IllegalArgumentException acrossKeys) {
      faults.add(acrossKeys);
      return Optional.empty();
    }
  }

  /**
   * The defaults with some keys set, as {@code of("http.port=0")}, for callers such as tests that
   * write the settings themselves.
   *
   * @throws IllegalArgumentException where one is at fault
   */
  public static Settings of(String... sets) {
    try {
      return load(Map.of(), Optional.empty(), List.of(sets)).settings();
    } catch (ConfigurationFaults e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static Settings from(Section root) {
    return new Settings(
        HttpSettings.from(root.section("http")),
        ManagementSettings.from(root.section("management")),
        AuthSettings.from(root.section("auth")),
        StoreSettings.from(root.section("store")),
        ChangesSettings.from(root.section("changes")),
        OutboundSettings.from(root.section("outbound")),
        BackupSettings.from(root.section("backup")),
        CredentialsSettings.from(root.section("credentials")),
        root.each("sources", SourceRules.NAME, SourceSettings::from),
        root.each("views", ViewSettings.NAME, ViewSettings::from),
        JobSettings.from(root.section("jobs")),
        WebhookSettings.from(root.section("webhooks")),
        ClusterSettings.from(root.section("cluster")),
        BusSettings.from(root.section("bus")),
        DeploySettings.from(root.section("deploy")),
        ShutdownSettings.from(root.section("shutdown")),
        TracingSettings.from(root.section("tracing")),
        LogSettings.from(root.section("log")));
  }

  /** Whether two hosts may be one address; a wildcard covers every host. */
  private static boolean overlap(String one, String other) {
    List<String> wildcards = List.of("0.0.0.0", "::", "[::]");
    return one.equalsIgnoreCase(other) || wildcards.contains(one) || wildcards.contains(other);
  }
}
