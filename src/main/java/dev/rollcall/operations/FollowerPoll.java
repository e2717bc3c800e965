package dev.rollcall.operations;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.cursors.CursorWatch;
import dev.rollcall.followers.cursors.KeptCursor;
import dev.rollcall.followers.cursors.KeptCursors;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request for the changes behind a kept cursor, which may wait for the first of them.
 *
 * <pre>
 *   looking ── there are some, or nobody waits ──▶ reading ──▶ answered
 *      │                                            ▲
 *      └── there are none ──▶ waiting ── a change ──┘
 *                                └── its time is over, the node is ending, the follower is gone ──▶ answered
 * </pre>
 *
 * <p>While it waits it holds neither room for an answer nor a place among the requests at work.
 * Belongs to the event loop of its request, but for what says so.
 */
public final class FollowerPoll {
  static final Set<String> PARAMETERS = Set.of("limit", "wait");
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Reading a request takes less, in milliseconds. */
  private static final long SLACK = 100;

  /** So many requests may wait that keep their place, beside which others must have some. */
  private static final int MOST_KEPT = 500;

  private static final String FORM = "must be seconds from 0 to 60, or milliseconds as 500ms";

  /** What a transport does with a request that waits. */
  public interface Place {
    /**
     * Gives up the place among the requests at work.
     *
     * @param waiting how many requests of this process wait already
     * @throws Failure where these are too many
     */
    void giveUp(int waiting);

    /** Goes on once there is a place again; never where the request has ended. */
    void takeAgain(Runnable goOn);
  }

  /** A request that keeps its place while it waits. */
  private static final Place KEPT =
      new Place() {
        @Override
        public void giveUp(int waiting) {
          if (waiting >= MOST_KEPT) {
            throw Failure.of(Kind.UNAVAILABLE, "too many requests wait for changes");
          }
        }

        @Override
        public void takeAgain(Runnable goOn) {
          goOn.run();
        }
      };

  private final Request request;
  private final KeptCursors cursors;
  private final Users users;
  private final Place place;
  private final String name;
  private final int limit;
  private final Deadline end;
  private final Context context = Vertx.currentContext();
  private boolean ending;
  private @Nullable KeptCursor waitingFor;
  private ChangeSignal.@Nullable Follower follower;
  private CursorWatch.@Nullable Waiting gone;
  private long timer = -1;

  /**
   * A request that is read and not begun.
   *
   * @throws Failure where it is at fault
   */
  public FollowerPoll(Resources resources, Request request, Place place) {
    this.request = request;
    this.cursors = resources.cursors();
    this.users = resources.users();
    this.place = place;
    Parameters given = request.parameters();
    this.limit = (int) given.number("limit", 1, UserQuery.MAX_LIMIT, UserQuery.DEFAULT_LIMIT);
    long wait = given.parsed("wait", FollowerPoll::millis, FORM, 0);
    given.refuseIfFaulty();
    this.name = FollowerCalls.name(request);
    Deadline asked = request.deadline(Duration.ofMillis(wait));
    long left = asked.remainingMillis();
    // What its caller has less time for is answered before that is over.
    this.end = left < wait - SLACK ? Deadline.in(Duration.ofMillis(left * 9 / 10)) : asked;
  }

  static void answer(Resources resources, Request request) {
    new FollowerPoll(resources, request, KEPT).start();
  }

  /** Reads {@code 20}, {@code 20s} or {@code 500ms}; null for anything else, or too long a time. */
  private static @Nullable Long millis(String text) {
    boolean inMillis = text.endsWith("ms");
    int unit = inMillis ? 2 : text.endsWith("s") ? 1 : 0;
    long number = WholeNumber.parse(text.substring(0, text.length() - unit));
    long millis = inMillis ? number : Math.min(number, LONGEST.toSeconds() + 1) * 1_000;
    return number < 0 || millis > LONGEST.toMillis() ? null : Long.valueOf(millis);
  }

  /** Begins. */
  public void start() {
    request.reply(
        cursors.find(name, request.principal()),
        cursor -> {
          if (isOver() || cursor.lag() > 0) {
            read(cursor);
          } else {
            look(cursor);
          }
        });
  }

  /** There is none, as it seems; this tells whether the position is one of the feed. */
  private void look(KeptCursor cursor) {
    request.reply(
        users.changes(cursor.position(), 1, request.client()),
        page -> {
          if (page.items().isEmpty() && !isOver() && !request.client().cancelled()) {
            await(cursor);
          } else {
            read(cursor);
          }
        });
  }

  private boolean isOver() {
    return ending || end.passed();
  }

  private void read(KeptCursor cursor) {
    request.reserve(
        request.budget().page(),
        () ->
            request.reply(
                users.changes(cursor.position(), limit, request.client()),
                page -> request.document(page.json())));
  }

  private void await(KeptCursor cursor) {
    place.giveUp(cursors.watch().waiting());
    waitingFor = cursor;
    request.client().whenCancelled(this::leave);
    timer = context.owner().setTimer(Math.max(1, end.remainingMillis()), late -> answerEmpty());
    gone =
        cursors
            .watch()
            .await(
                cursor,
                () -> context.runOnContext(turn -> failGone()),
                () -> context.runOnContext(turn -> end()));
    ChangeSignal.Follower following = users.signal().follow(context, this::check);
    follower = following;
    following.read();
  }

  /** Something was written: it looks whether that is a change, without reading it. */
  private void check() {
    KeptCursor cursor = waitingFor;
    ChangeSignal.Follower following = follower;
    if (cursor == null || following == null) {
      return;
    }
    cursors
        .store()
        .cursor(name)
        .onComplete(
            found -> {
              if (found.isEmpty() || found.get().id() != cursor.id()) {
                failGone();
              } else if (found.get().lag() > 0) {
                goOn();
              } else {
                following.await();
              }
            },
            fault -> {
              if (fault instanceof Failure known && known.kind() == Kind.UNAVAILABLE) {
                following.readLater(); // All that wait look at once.
              } else {
                goOn(); // What went wrong is told, or has passed by then.
              }
            });
  }

  private void goOn() {
    if (waitingFor != null) {
      leave();
      place.takeAgain(() -> request.reply(cursors.find(name, request.principal()), this::read));
    }
  }

  /** Its time is over. */
  private void answerEmpty() {
    KeptCursor cursor = waitingFor;
    if (cursor != null) {
      leave();
      request.document(new ChangePage(List.of(), cursor.position()).json());
    }
  }

  private void failGone() {
    if (waitingFor != null) {
      leave();
      request.reply(Future.failedFuture(KeptCursors.notFound()), never -> {});
    }
  }

  /** Waits no more: what waits is answered at once, as if its time were over. */
  public void end() {
    ending = true;
    answerEmpty();
  }

  private void leave() {
    waitingFor = null;
    context.owner().cancelTimer(timer);
    if (follower != null) {
      follower.close();
    }
    if (gone != null) {
      gone.close();
    }
  }
}
