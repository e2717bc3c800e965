package dev.rollcall;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser shows of the service's own documents. */
class DocsPageIT {

  @TempDir Path folder;

  @Test
  void theIndexIsShown() throws Exception {
    Browser browser = Browser.assumed(folder);
    try (RollcallProcess rollcall = RollcallProcess.in(folder).start()) {
      browser.run("index", new JsonObject().put("base", rollcall.http().toString()));
    }
  }
}
