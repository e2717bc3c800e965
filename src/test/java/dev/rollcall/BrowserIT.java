package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a test in the browser fails where a page has a fault. */
class BrowserIT {

  @TempDir Path folder;

  @Test
  void noFaultOfAPageIsOverlooked() throws Exception {
    Browser browser = Browser.assumed(folder);
    assertThatThrownBy(() -> browser.run("faults", new JsonObject()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "a step that fails",
            "No faults",
            "said by the page",
            "thrown by the page",
            "missing.png",
            "404",
            "elsewhere",
            "http://127.0.0.2:9/",
            "button-name",
            "html-has-lang")
        .message()
        .doesNotContain("a step after it");
  }

  @Test
  void aScriptThatIsNotThereFails() throws Exception {
    Browser browser = Browser.assumed(folder);
    assertThatThrownBy(() -> browser.run("nowhere", new JsonObject()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("nowhere.mjs");
  }
}
