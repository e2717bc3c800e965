package dev.rollcall.base;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Files of the class path, which are part of the program: a missing one is a fault of the build,
 * and an {@link IllegalStateException} that names it.
 */
public final class ClassPathFile {

  private ClassPathFile() {}

  /** All of a file. Blocks. */
  public static Buffer read(String name) {
    try (InputStream in = open(name)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails where there is no such file. */
  public static void require(String name) {
    if (ClassPathFile.class.getResource(name) == null) {
      throw missing(name);
    }
  }

  /**
   * The version of a library that the build chose. Blocks.
   *
   * @param module its group and name, such as {@code org.webjars/swagger-ui}
   */
  public static String version(String module) {
    try (InputStream in = open("/META-INF/maven/" + module + "/pom.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
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
