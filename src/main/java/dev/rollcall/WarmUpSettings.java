package dev.rollcall;

import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.BusTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.ViewSettings;
import dev.rollcall.config.sources.ViewSettings.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the private copy of a warm-up is made from: the same event loops, instances, certificate and
 * ways to know callers as the process, and a store, sources and ports of its own.
 *
 * @param settings of the process
 * @param folder where the copy keeps its files
 * @param sources the port of 127.0.0.1 that answers for its sources
 * @param key what its callers show, where callers have to
 */
record WarmUpSettings(Settings settings, Path folder, int sources, String key) {

  /** Where the copy's own source on the event bus is owned. */
  static final String BUS_SOURCE = "warm-up.source";

  /** Longer than a process takes that does nothing but compile. */
  private static final String PATIENCE = "20s";

  private static final List<String> OVER_HTTP = List.of("first", "second", "third");

  /** The settings of the copy. */
  Settings copy() {
    List<String> pairs = new ArrayList<>();
    pairs.add("http.host=127.0.0.1");
    pairs.add("http.port=0");
    pairs.add("management.host=127.0.0.1");
    pairs.add("management.port=0");
    pairs.add("store.path=" + folder.resolve("users.db"));
    pairs.add("backup.folder=" + folder);
    // So small that users have to be read from the file as well.
    pairs.add("store.cache=1MiB");
    pairs.add("log.access=" + settings.log().access());
    pairs.add("deploy.transport=" + settings.deploy().transport());
    pairs.add("deploy.eventLoops=" + settings.deploy().eventLoops());
    pairs.add("deploy.http=" + Math.max(1, settings.deploy().http()));
    pairs.add("deploy.bus=" + settings.deploy().bus());
    pairs.add("deploy.sources=" + Math.max(1, settings.deploy().sources()));
    pairs.add("shutdown.drain=1s");
    pairs.add("credentials.threads=1");
    pairs.add("jobs.atOnce=0");
    settings
        .http()
        .tls()
        .ifPresent(
            tls -> {
              pairs.add("http.tls.certificate=" + tls.certificate());
              pairs.add("http.tls.key=" + tls.key());
            });
    if (settings.http().clients().rate().isPresent()) {
      pairs.add("http.rate.perCaller=1000000");
      pairs.add("http.rate.burst=1000000");
    }
    pairs.add("auth.kind=" + (settings.auth().required() ? "required" : "none"));
    if (settings.auth().required()) {
      pairs.add("auth.adminKey=" + key);
    }
    addViews(pairs);
    return Settings.of(pairs.toArray(String[]::new));
  }

  private void addViews(List<String> pairs) {
    for (String name : OVER_HTTP) {
      pairs.add("sources." + name + ".http=http://127.0.0.1:" + sources + "/" + name + "/{id}");
      pairs.add("sources." + name + ".timeout=" + PATIENCE);
    }
    pairs.add("sources.bus.address=" + BUS_SOURCE);
    pairs.add("sources.bus.timeout=" + PATIENCE);
    String all = String.join(",", OVER_HTTP);
    addView(pairs, "http", all, all);
    addView(pairs, "bus", "first,bus", "bus");
  }

  private static void addView(List<String> pairs, String name, String sources, String required) {
    String key = "views." + name + ".";
    pairs.add(key + "sources=" + sources);
    pairs.add(key + "required=" + required);
    pairs.add(key + "modes=all,any,race,sequential");
    pairs.add(key + "deadline=1m");
  }

  /**
   * The paths of the views to ask for, after that of a user, the commonest first: in the modes that
   * the process' own views may be asked in, and over the event bus where it has a source there.
   */
  List<String> views() {
    Set<Mode> modes = EnumSet.noneOf(Mode.class);
    settings.views().values().stream().map(ViewSettings::modes).forEach(modes::addAll);
    boolean bus =
        settings.sources().values().stream()
            .map(SourceSettings::target)
            .anyMatch(BusTarget.class::isInstance);
    List<String> paths = new ArrayList<>();
    for (Mode mode : modes) {
      String query = "?mode=" + mode.name().toLowerCase(Locale.ROOT);
      paths.add("/views/http" + (mode == Mode.ALL ? "" : query));
      if (bus) {
        paths.add("/views/bus" + query);
      }
    }
    return paths;
  }

  /** A header with its line break that says who asks; nothing where nobody has to. */
  String authorization() {
    return settings.auth().required() ? "Authorization: Bearer " + key + "\r\n" : "";
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "a copy in " + folder;
  }

  /** Whether others can reach this process over the event bus. */
  boolean usesBus() {
    return settings.deploy().bus() > 0
        && (settings.cluster().enabled() || settings.bus().bridge().enabled());
  }
}
