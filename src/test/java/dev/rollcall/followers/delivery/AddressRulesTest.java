package dev.rollcall.followers.delivery;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.NetServer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses deliveries get to, whatever stands in the URL or a name resolves to. */
class AddressRulesTest {
  private static final String REFUSED =
      "the host has no address that deliveries may go to; see webhooks.allow";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger connections = new AtomicInteger();

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private NetServer listen(String host, int port) {
    return await(
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  connections.incrementAndGet();
                  socket.handler(request -> socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
                })
            .listen(port, host));
  }

  private DeliveryAnswer post(
      AddressRules rules, String url, Function<String, Future<List<InetAddress>>> names) {
    DeliveryClient client = new DeliveryClient(vertx, rules, names, 100);
    return await(client.post(DeliveryTarget.of(url), HttpHeaders.headers(), Buffer.buffer("{}")));
  }

  /** Each as the host of a URL, and as what a name resolves to. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.0.0.2",
        "127.1.2.3",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "192.175.48.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b::169.254.169.254",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::10.0.0.1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::1",
        "2002:c0a8:1::1",
        "2620:4f:8000::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fd12:3456:789a::1",
        "fe80::1",
        "fe80::a9fe:a9fe",
        "fec0::1",
        "ff02::1",
        "ff05::2"
      })
  void nothingThatIsNotPublicIsConnectedTo(String text) {
    AddressRules rules = new AddressRules(List.of());
    assertThat(rules.allow(address(text))).isFalse();
    String host = text.contains(":") ? "[" + text + "]" : text;
    Function<String, Future<List<InetAddress>>> none = name -> Future.failedFuture("not a name");
    assertThat(post(rules, "http://" + host + "/", none).error()).isEqualTo(REFUSED);
    Function<String, Future<List<InetAddress>>> names =
        name -> Future.succeededFuture(List.of(address(text)));
    assertThat(post(rules, "http://inside.example/", names).error()).isEqualTo(REFUSED);
  }

  /** What some take for 127.0.0.1, and names that lead there, resolved as they are in earnest. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost.",
        "2130706433",
        "0x7f000001",
        "0x7f.0x0.0x0.0x1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "0",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:7f00:1]"
      })
  void noWayToWriteLoopbackLeadsThere(String host) {
    NetServer inside = listen("127.0.0.1", 0);
    DeliveryClient client = new DeliveryClient(vertx, new AddressRules(List.of()), 100);
    URI url = URI.create("http://" + host + ":" + inside.actualPort() + "/");
    if (url.getHost() == null) {
      return; // Nobody can declare it.
    }
    DeliveryTarget target = DeliveryTarget.of(url.toString());
    DeliveryAnswer answer = await(client.post(target, HttpHeaders.headers(), Buffer.buffer("{}")));
    assertThat(answer.taken()).isFalse();
    assertThat(connections).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "172.32.0.1",
        "192.0.1.1",
        "100.128.0.1",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8"
      })
  void whatIsPublicMayBeSentTo(String text) {
    assertThat(new AddressRules(List.of()).allow(address(text))).isTrue();
  }

  @Test
  void whatIsListedMayBeSentToAndNothingBesideIt() {
    AddressRules rules = new AddressRules(List.of("10.1.0.0/16", "fd00:1::/32"));
    assertThat(rules.allow(address("10.1.255.1"))).isTrue();
    assertThat(rules.allow(address("::ffff:10.1.2.3"))).isTrue();
    assertThat(rules.allow(address("fd00:1::7"))).isTrue();
    assertThat(rules.allow(address("10.2.0.1"))).isFalse();
    assertThat(rules.allow(address("64:ff9b::10.1.2.3"))).isFalse();
    assertThat(rules.allow(address("fd00:2::7"))).isFalse();
  }

  /** Listens inside and outside at one port, which nobody else may have at either. */
  private int listenTwice(AtomicInteger inside) {
    for (int tries = 1; ; tries++) {
      NetServer hidden =
          await(
              vertx
                  .createNetServer()
                  .connectHandler(
                      socket -> {
                        inside.incrementAndGet();
                        socket.close();
                      })
                  .listen(0, "127.0.0.1"));
      try {
        return listen("127.0.0.2", hidden.actualPort()).actualPort();
      } catch (CompletionException taken) {
        if (tries == 20) {
          throw taken;
        }
        await(hidden.close());
      }
    }
  }

  /** A name that is public when it is looked at, and inside when it is looked at again. */
  @Test
  void aNameThatResolvesAnewDoesNotGetInside() {
    AtomicInteger taken = connections;
    AtomicInteger inside = new AtomicInteger();
    int port = listenTwice(inside);
    AddressRules rules = new AddressRules(List.of("127.0.0.2/32"));
    AtomicInteger asked = new AtomicInteger();
    DeliveryClient client =
        new DeliveryClient(
            vertx,
            rules,
            name ->
                Future.succeededFuture(
                    List.of(address(asked.getAndIncrement() % 2 == 0 ? "127.0.0.2" : "127.0.0.1"))),
            100);
    DeliveryTarget target = DeliveryTarget.of("http://rebound.example:" + port + "/");
    for (int i = 0; i < 20; i++) {
      DeliveryAnswer answer =
          await(client.post(target, HttpHeaders.headers(), Buffer.buffer("{}")));
      if (i % 2 == 0) {
        assertThat(answer.status()).isEqualTo(204);
      } else {
        assertThat(answer.error()).isEqualTo(REFUSED);
      }
    }
    assertThat(asked).hasValue(20);
    assertThat(taken.get()).isPositive();
    assertThat(inside).hasValue(0);
  }

  @Test
  void ofSeveralAddressesOnlyAnAllowedOneIsConnectedTo() {
    NetServer outside = listen("127.0.0.2", 0);
    DeliveryAnswer answer =
        post(
            new AddressRules(List.of("127.0.0.2/32")),
            "http://several.example:" + outside.actualPort() + "/",
            name ->
                Future.succeededFuture(
                    List.of(address("10.0.0.1"), address("::1"), address("127.0.0.2"))));
    assertThat(answer.taken()).isTrue();
  }
}
