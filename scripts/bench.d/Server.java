import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that serves HTTP on a port of 127.0.0.1 and has answered.
 *
 * @param name as the table has it
 * @param firstAnswerMillis from its start to the end of its first good answer
 */
record Server(String name, Program program, int port, double firstAnswerMillis)
    implements AutoCloseable {

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
  private static final long START_LIMIT = TimeUnit.SECONDS.toNanos(60);

  /** Starts a program that is to serve on that port. */
  interface Launch {
    Program on(int port) throws IOException;
  }

  /**
   * Starts it on a free port, and waits until a path is answered with 200.
   *
   * @throws IOException with the end of its log, where it ends or says nothing for a minute
   */
  static Server start(String name, String path, Launch launch)
      throws IOException, InterruptedException {
    int port = freePort();
    long began = System.nanoTime();
    Program program = launch.on(port);
    while (!answers(port, path)) {
      if (!program.alive() || System.nanoTime() - began > START_LIMIT) {
        program.close();
        throw new IOException(name + " does not answer " + path + ":\n" + program.tail());
      }
      Thread.sleep(1);
    }
    return new Server(name, program, port, (System.nanoTime() - began) / 1e6);
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port, String path) {
    try {
      return get(port, path).startsWith("HTTP/1.1 200 ");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** A whole answer as it comes, head and body. The body is left out where it has no length. */
  static String get(int port, String path) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
      socket.setSoTimeout(5000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream answer = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        int b = answer.read();
        if (b < 0) {
          throw new EOFException("an answer that breaks off");
        }
        head.append((char) b);
      }
      Matcher length = LENGTH.matcher(head);
      int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
      return head + new String(answer.readNBytes(bytes), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
