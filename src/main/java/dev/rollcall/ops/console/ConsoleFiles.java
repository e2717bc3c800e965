package dev.rollcall.ops.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
          "details.js",
          "dialogs.js",
          "events.js",
          "fetches.js",
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
          "waterfall.js");

  /** What the build brings along, by the name that the page knows it by. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "lib/htm.js", "/META-INF/resources/_static/htm/3.1.1/dist/htm.module.js",
          "lib/preact.js", "/META-INF/resources/_static/htm/3.1.1/preact/standalone.module.js",
          "lib/uplot.js", "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.esm.js",
          "lib/uplot.css", "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.min.css",
          "lib/htm-license.txt", "/META-INF/resources/_static/htm/3.1.1/LICENSE",
          "lib/uplot-license.txt", "/META-INF/resources/webjars/uplot/1.6.30/LICENSE");

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
    LIBRARIES.forEach((name, place) -> files.put(name, file(name, place)));
    for (String name : OWN) {
      files.put(name, file(name, "/console/" + name));
    }
    return Map.copyOf(files);
  }

  private static ConsoleFile file(String name, String place) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException(name + " is of no known type");
    }
    return ConsoleFile.of(type, read(place));
  }

  private static byte[] read(String place) {
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(place)) {
      if (in == null) {
        throw new IllegalStateException(place + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
