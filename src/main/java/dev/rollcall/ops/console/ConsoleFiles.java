package dev.rollcall.ops.console;

import dev.rollcall.base.ClassPathFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All files of the page, by name. There are no others: a name is looked up here and never becomes a
 * path of anything.
 *
 * <p>They are read when the first of them is asked for, which blocks for some milliseconds. Safe
 * for use by all threads.
 */
final class ConsoleFiles {
  /** The page itself. */
  static final String PAGE = "console.html";

  /** Those of our own. */
  private static final List<String> OWN =
      List.of(
          PAGE,
          "app.js",
          "base.css",
          "changes.js",
          "common.js",
          "curve.js",
          "dark.css",
          "details.js",
          "dialogs.js",
          "erasures.js",
          "events.js",
          "fetches.js",
          "followers.js",
          "format.js",
          "html.js",
          "icon.svg",
          "jobs.js",
          "metrics.js",
          "nodes.js",
          "notice.js",
          "now.js",
          "parts.css",
          "preact-license.txt",
          "records.css",
          "service.js",
          "sources.js",
          "state.js",
          "stream.js",
          "theme.js",
          "users.js",
          "viewing.js",
          "views.js",
          "waterfall.css",
          "waterfall.js",
          "webhooks.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8");

  private static final class Loaded {
    private static final Map<String, ConsoleFile> ALL = load();
  }

  private ConsoleFiles() {}

  /** All of them; read now, where that was not done before. */
  static Map<String, ConsoleFile> all() {
    return Loaded.ALL;
  }

  private static Map<String, ConsoleFile> load() {
    Map<String, ConsoleFile> files = new HashMap<>();
    libraries().forEach((name, place) -> files.put(name, file(name, place)));
    for (String name : OWN) {
      files.put(name, file(name, "/console/" + name));
    }
    return Map.copyOf(files);
  }

  /** What the build brings along, by the name that the page knows it by. */
  private static Map<String, String> libraries() {
    String htm = "/META-INF/resources/_static/htm/" + ClassPathFile.version("org.mvnpm/htm");
    String uplot =
        "/META-INF/resources/webjars/uplot/" + ClassPathFile.version("org.webjars.npm/uplot");
    return Map.of(
        "lib/htm.js", htm + "/dist/htm.module.js",
        "lib/preact.js", htm + "/preact/standalone.module.js",
        "lib/uplot.js", uplot + "/dist/uPlot.esm.js",
        "lib/uplot.css", uplot + "/dist/uPlot.min.css",
        "lib/htm-license.txt", htm + "/LICENSE",
        "lib/uplot-license.txt", uplot + "/LICENSE");
  }

  private static ConsoleFile file(String name, String place) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException(name + " is of no known type");
    }
    return ConsoleFile.of(type, ClassPathFile.read(place).getBytes());
  }
}
