package dev.rollcall;

import dev.rollcall.access.KeyFollower;
import dev.rollcall.access.KeyRing;
import dev.rollcall.access.Keys;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scopes;
import dev.rollcall.base.Failure;
import dev.rollcall.config.Settings;
import dev.rollcall.config.reading.ConfigurationFaults;
import dev.rollcall.config.reading.Units;
import dev.rollcall.operations.KeyRequest;
import dev.rollcall.users.UserRules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * The command that makes a key in a store, for the first start with {@code auth.kind: required}.
 * Blocks the thread that runs it.
 */
@Command(
    name = "key",
    description = "Makes a key in the store that the settings name, and prints it.",
    sortOptions = false,
    footer = {
      "",
      "The key alone goes to the standard output, and is shown this once. The database",
      "is made where there is none. A file must not be served meanwhile; PostgreSQL may",
      "be. Further keys are made over HTTP, with POST /keys. Exit codes: 0 done,",
      "1 it failed, 2 wrong arguments or settings."
    })
final class KeyCommand implements Callable<Integer> {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  @Spec private @Nullable CommandSpec spec;

  @ParentCommand private @Nullable Main before;

  @Mixin private final SettingsOptions given = new SettingsOptions();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "What people call the key.")
  private String name = "";

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      required = true,
      description = "What it opens, such as users:read, or * for everything; may be repeated.")
  private List<String> scopes = new ArrayList<>();

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = "A time such as 2030-01-01T00:00:00Z, or a duration such as 90d.")
  private @Nullable String expires;

  @SuppressWarnings("unused")
  @Mixin
  private final HelpOption help = new HelpOption();

  private CommandLine command() {
    return Objects.requireNonNull(spec).commandLine();
  }

  @Override
  public Integer call() throws InterruptedException {
    KeyRequest wanted = wanted(Instant.now());
    Settings settings;
    try {
      // With the options before the command's name as well, which scripts/run puts there.
      settings = Objects.requireNonNull(before).load(given).settings();
    } catch (ConfigurationFaults e) {
      e.faults().forEach(command().getErr()::println);
      return REFUSED;
    }
    if (settings.store().isOfOtherNodes()) {
      throw fault("store.kind", "remote, whose keys are made where the store is");
    }
    try {
      make(wanted, settings);
      return DONE;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalStateException || e.getCause() instanceof Failure) {
        command().getErr().println("cannot make a key: " + e.getCause().getMessage());
        return FAILED;
      }
      throw new IllegalStateException("a key could not be made", e.getCause());
    }
  }

  private KeyRequest wanted(Instant now) {
    String trimmed = UserRules.trimmed(name);
    refuse("--name", UserRules.faultOfName(trimmed, KeyRequest.LONGEST_NAME));
    for (String scope : scopes) {
      refuse("--scope", KeyRequest.faultOfScope(scope));
    }
    refuse("--scope", KeyRequest.faultOfScopes(scopes));
    Instant end = expires == null ? null : end(expires, now);
    if (expires != null) {
      refuse("--expires", KeyRequest.faultOfEnd(end, now));
    }
    return new KeyRequest(trimmed, Scopes.of(scopes), end);
  }

  private static @Nullable Instant end(String text, Instant now) {
    Duration from = Units.duration(text);
    return from == null
        ? KeyRequest.time(text)
        : now.plusMillis(from.toMillis()).truncatedTo(ChronoUnit.MILLIS);
  }

  private void refuse(String option, @Nullable String fault) {
    if (fault != null) {
      throw fault(option, fault);
    }
  }

  private ParameterException fault(String option, String why) {
    return new ParameterException(command(), option + ": " + why);
  }

  private void make(KeyRequest wanted, Settings settings)
      throws ExecutionException, InterruptedException {
    Vertx vertx = Vertx.vertx();
    try {
      Storage storage = await(Storage.open(vertx, settings, new SimpleMeterRegistry()));
      try {
        KeyFollower follower = new KeyFollower(vertx, storage.keys(), new KeyRing());
        Keys keys = new Keys(storage.keys(), follower);
        tell(
            await(
                keys.make(wanted.name(), wanted.scopes(), wanted.expiresAt(), Principal.ANYBODY)));
      } finally {
        await(storage.close());
      }
    } finally {
      await(vertx.close());
    }
  }

  private void tell(Keys.Made made) {
    command().getOut().println(made.text());
    command().getOut().flush();
    Instant end = made.key().expiresAt();
    command()
        .getErr()
        .println(
            made.key().principal()
                + " with "
                + made.key().scopes()
                + (end == null ? "" : " until " + end)
                + "; it is shown this once");
  }

  private static <T> T await(Future<T> future) throws ExecutionException, InterruptedException {
    return future.toCompletionStage().toCompletableFuture().get();
  }
}
