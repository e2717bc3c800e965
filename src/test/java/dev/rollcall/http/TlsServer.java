package dev.rollcall.http;

import dev.rollcall.cluster.TestAuthority;
import dev.rollcall.framing.RawHttp2Client;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A real server over TLS, with a certificate that an authority of its own has signed. */
final class TlsServer implements AutoCloseable {

  final TestServer server;
  final TestAuthority authority;

  /** Starts a server as {@link TestServer} does. */
  TlsServer(Path folder, String... sets) {
    authority = TestAuthority.create(folder.resolve("ca")).sign("a");
    List<String> certificate =
        List.of(
            "http.tls.certificate=" + authority.certificate("a"),
            "http.tls.key=" + authority.key("a"));
    server =
        new TestServer(
            folder, Stream.concat(certificate.stream(), Stream.of(sets)).toArray(String[]::new));
  }

  /** A connection over HTTP/2 that has begun with these settings, each a name and its value. */
  RawHttp2Client connect(int... settings) throws IOException {
    return new RawHttp2Client(authority.client(null, ""), server.port()).begin(settings);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
