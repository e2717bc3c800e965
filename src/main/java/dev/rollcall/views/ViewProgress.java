package dev.rollcall.views;

import dev.rollcall.sources.SourceResult;
import dev.rollcall.users.User;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of a view while it is fetched, on the event loop of its caller.
 *
 * @param begun gets the user, before any source is asked
 * @param ended gets how a source ended, as a JSON object; each source once, the answer after them
 */
public record ViewProgress(Consumer<User> begun, Consumer<Buffer> ended) {
  void follow(User user, ViewRequest request, Collection<SourceCall> calls, long startedAt) {
    begun.accept(user);
    for (SourceCall call : calls) {
      call.whenEnded().onSuccess(any -> tell(call.result(), request, startedAt));
    }
  }

  private void tell(@Nullable SourceResult result, ViewRequest request, long startedAt) {
    if (result != null) {
      ended.accept(ViewJson.source(result, request, startedAt));
    }
  }
}
