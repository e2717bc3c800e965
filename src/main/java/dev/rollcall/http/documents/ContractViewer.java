package dev.rollcall.http.documents;

import dev.rollcall.base.ClassPathFile;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * {@code /docs}: the contract of HTTP as a page, rendered in the browser by Swagger UI, which also
 * sends requests. It loads nothing from elsewhere, and its policy allows no inline script or style.
 */
public final class ContractViewer {

  static final String PATH = "/docs";

  /** Swagger UI's icons are of the scheme data; it sets styles by script, which needs no leave. */
  private static final CharSequence POLICY =
      HttpHeaders.createOptimized(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

  private static final String SWAGGER_UI =
      "/META-INF/resources/webjars/swagger-ui/"
          + ClassPathFile.version("org.webjars/swagger-ui")
          + "/";

  private static final StaticFile PAGE = new StaticFile("text/html", List.of("/docs/index.html"));
  private static final StaticFile SCRIPT =
      new StaticFile(
          "text/javascript", List.of(SWAGGER_UI + "swagger-ui-bundle.js", "/docs/page.js"));
  private static final StaticFile STYLE =
      new StaticFile("text/css", List.of(SWAGGER_UI + "swagger-ui.css", "/docs/page.css"));

  private ContractViewer() {}

  static void requireFiles() {
    List.of(PAGE, SCRIPT, STYLE).forEach(StaticFile::require);
  }

  public static void page(Exchange exchange) {
    answer(exchange, PAGE);
  }

  public static void script(Exchange exchange) {
    answer(exchange, SCRIPT);
  }

  public static void style(Exchange exchange) {
    answer(exchange, STYLE);
  }

  private static void answer(Exchange exchange, StaticFile file) {
    exchange.response().headers().set(Fields.SECURITY_POLICY, POLICY);
    file.answer(exchange);
  }
}
