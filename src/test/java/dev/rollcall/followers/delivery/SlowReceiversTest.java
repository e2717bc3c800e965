package dev.rollcall.followers.delivery;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Receivers that take their time, in each way: the whole delivery has one limit, here of 1 s. */
@Timeout(30)
@Tag("slow")
class SlowReceiversTest {
  private static final String LATE = "no whole answer within 1 s";
  private static final String HEAD = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger closed = new AtomicInteger();
  private final DeliveryClient client = client(host -> Future.failedFuture("not looked up here"));

  private DeliveryClient client(Function<String, Future<List<InetAddress>>> names) {
    return new DeliveryClient(
        vertx, new AddressRules(List.of("127.0.0.0/8")), names, 100, TimeUnit.SECONDS.toMillis(1));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private int listen(Consumer<NetSocket> behaviour) {
    NetServer server =
        await(
            vertx
                .createNetServer()
                .connectHandler(
                    socket -> {
                      socket.closeHandler(gone -> closed.incrementAndGet());
                      behaviour.accept(socket);
                    })
                .listen(0, "127.0.0.1"));
    return server.actualPort();
  }

  private DeliveryAnswer post(String scheme, int port) {
    return await(
        client.post(
            DeliveryTarget.of(scheme + "://127.0.0.1:" + port + "/"),
            HttpHeaders.headers(),
            Buffer.buffer("{}")));
  }

  private void isCutOff(DeliveryAnswer answer) {
    assertThat(answer.error()).isEqualTo(LATE);
    assertThat(answer.taken()).isFalse();
    assertThat(answer.status()).isZero();
    await().until(() -> closed.get() == 1);
  }

  @Test
  void oneThatDripsItsBodyIsCutOff() {
    int port =
        listen(
            socket ->
                socket.handler(
                    request -> {
                      socket.write(HEAD);
                      vertx.setPeriodic(100, tick -> socket.write("x"));
                    }));
    isCutOff(post("http", port));
  }

  @Test
  void oneThatDripsItsHeadIsCutOff() {
    AtomicInteger next = new AtomicInteger();
    int port =
        listen(
            socket ->
                vertx.setPeriodic(
                    100, tick -> socket.write(HEAD.substring(next.get(), next.incrementAndGet()))));
    isCutOff(post("http", port));
  }

  @Test
  void oneThatSaysNothingIsCutOff() {
    isCutOff(post("http", listen(socket -> {})));
  }

  @Test
  void anInterimAnswerIsNotTheOneThatCounts() {
    String processing = "HTTP/1.1 102 Processing\r\n\r\n";
    String taken = "HTTP/1.1 204 No Content\r\n\r\n";
    int port = listen(socket -> socket.handler(asked -> socket.write(processing + taken)));
    assertThat(post("http", port)).matches(DeliveryAnswer::taken);
  }

  @Test
  void oneAnswerTooManyIsNotThatOfTheNextDelivery() {
    AtomicInteger requests = new AtomicInteger();
    String taken = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    String refused = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n";
    int port =
        listen(
            socket ->
                socket.handler(
                    asked ->
                        socket.write(requests.incrementAndGet() == 1 ? taken + taken : refused)));
    assertThat(post("http", port)).matches(DeliveryAnswer::taken);
    assertThat(post("http", port).error()).isEqualTo("answered 503");
  }

  @Test
  void oneThatSendsInterimAnswersForeverIsCutOff() {
    int port =
        listen(
            socket ->
                vertx.setPeriodic(100, tick -> socket.write("HTTP/1.1 102 Processing\r\n\r\n")));
    isCutOff(post("http", port));
  }

  @Test
  void oneThatDoesNotShakeHandsIsCutOff() {
    DeliveryAnswer answer = post("https", listen(socket -> {}));
    assertThat(answer.error()).isEqualTo(LATE);
  }

  @Test
  void oneThatHangsUpInTheMiddleHasTakenNothing() {
    int port =
        listen(
            socket ->
                socket.handler(
                    request -> socket.write(HEAD + "half").onComplete(x -> socket.close())));
    assertThat(post("http", port).error()).isEqualTo("the connection broke");
  }

  @Test
  void aNameThatIsNotResolvedInTimeIsAFailureToo() {
    Promise<List<InetAddress>> never = Promise.promise();
    DeliveryAnswer answer =
        await(
            client(host -> never.future())
                .post(
                    DeliveryTarget.of("http://slow.example/"),
                    HttpHeaders.headers(),
                    Buffer.buffer("{}")));
    assertThat(answer.error()).isEqualTo(LATE);
  }
}
