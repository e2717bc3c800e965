package dev.rollcall;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract as a page, in a browser: of a process that asks who calls, as most do. */
class DocsPageIT {

  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  @Test
  void theContractCanBeReadAndTried() throws Exception {
    Browser browser = Browser.assumed(folder);
    try (RollcallProcess rollcall =
        RollcallProcess.in(folder)
            .set("auth.kind", "required")
            .set("auth.adminKey", TOKEN)
            .start()) {
      browser.run(
          "docs", new JsonObject().put("base", rollcall.http().toString()).put("token", TOKEN));
    }
  }
}
