package dev.rollcall.http.documents;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Files of the class path, which are part of the program: a missing one is a fault of the build.
 */
final class ClassPathFile {

  private ClassPathFile() {}

  /** All of a file. Blocks. */
  static Buffer read(String name) {
    try (InputStream in = open(name)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void require(String name) {
    if (ClassPathFile.class.getResource(name) == null) {
      throw missing(name);
    }
  }

  /** The folder of a web library, which is named for the version that the build chose. */
  static String webjar(String name) {
    try (InputStream in = open("/META-INF/maven/org.webjars/" + name + "/pom.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return "/META-INF/resources/webjars/" + name + "/" + properties.getProperty("version") + "/";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) {
    InputStream in = ClassPathFile.class.getResourceAsStream(name);
    if (in == null) {
      throw missing(name);
    }
    return in;
  }

  private static IllegalStateException missing(String name) {
    return new IllegalStateException(name + " is not on the class path");
  }
}
