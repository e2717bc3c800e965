package dev.rollcall.store.sqlite;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The database file: held by this process alone, with its schema up to date.
 *
 * <p>A lock file beside it keeps a second process out. The database file itself must never be
 * opened by Java's own I/O: closing such a channel would drop the locks that SQLite holds on it.
 */
public final class SqliteFile implements AutoCloseable {
  /**
   * How many pages of 4 KiB the log holds before they are taken over into the file. Writes hit
   * pages at random places in the indexes, so more pages are more often taken over once for many
   * writes; but after a full disk so much space must be free before writing goes on.
   */
  private static final int LOG_PAGES = 4096;

  /** What the names of the files end with that belong to a database. */
  private static final List<String> SUFFIXES =
      List.of("-wal", "-shm", "-journal", SqliteLock.SUFFIX);

  private final Path path;
  private final SqliteLock lock;

  private SqliteFile(Path path, SqliteLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the file, creating it where there is none, migrates its schema, and begins an epoch where
   * it may have been put back to an earlier state. Blocks.
   *
   * @throws IllegalStateException with a sentence for the operator
   */
  public static SqliteFile open(Path path) {
    return open(path, false);
  }

  /** Takes the file also where it holds a part of a copy, in order to finish that. */
  public static SqliteFile openUnfinished(Path path) {
    return open(path, true);
  }

  private static SqliteFile open(Path path, boolean unfinished) {
    SqliteLibrary.load();
    Path real = real(path);
    SqliteLock lock = lock(real);
    try {
      makePrivate(real);
      SqliteFile file = new SqliteFile(real, lock);
      int schema = SqliteSchema.apply(file);
      SqliteEpoch epoch = new SqliteEpoch(file, lock.mark());
      if (unfinished) {
        epoch.adopt();
      } else {
        SqliteSchema.requireWhole(file);
        epoch.settle(schema, lock.foundThere());
      }
      return file;
    } catch (SQLException | IOException | RuntimeException e) {
      closeQuietly(lock, e);
      throw e instanceof RuntimeException told ? told : cannotOpen(path, reason(e), e);
    }
  }

  /**
   * Makes the database file where there is none, since SQLite would let the umask decide who can
   * read it; to its files beside it SQLite gives the permissions of the database file.
   */
  private static void makePrivate(Path path) throws IOException {
    if (Files.notExists(path)) {
      PrivateFiles.open(path).close(); // There are no locks on it yet that this would drop.
    }
    PrivateFiles.tighten(path);
    besides(path).forEach(PrivateFiles::tighten);
  }

  /** The files that stand beside a database file while it is open, or that an end left behind. */
  static List<Path> besides(Path path) {
    return SUFFIXES.stream()
        .map(suffix -> path.resolveSibling(path.getFileName() + suffix))
        .toList();
  }

  /** The one path of a file that links may give several names, so that it has one lock. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath();
    Path folder = absolute.getParent();
    try {
      if (folder == null || Files.exists(absolute)) {
        return absolute.toRealPath();
      }
      PrivateFiles.createFolders(folder);
      return folder.toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      throw cannotOpen(path, reason(e), e);
    }
  }

  private static SqliteLock lock(Path path) {
    try {
      return SqliteLock.take(path);
    } catch (IOException e) {
      throw cannotOpen(path, "its lock file can't be written, " + reason(e), e);
    }
  }

  private static IllegalStateException cannotOpen(Path path, String reason, Exception cause) {
    return new IllegalStateException("the database " + path + " can't be opened: " + reason, cause);
  }

  /** A connection that may write: WAL, each commit on the disk before it returns. */
  public Connection writer() throws SQLException {
    return connect(false);
  }

  /** A connection that only reads. */
  public Connection reader() throws SQLException {
    return connect(true);
  }

  private Connection connect(boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    // Each connection belongs to one thread at a time, so that SQLite need not lock it in each
    // call.
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(5_000);
    config.setGetGeneratedKeys(false);
    config.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, "-16384"); // 16 MiB a connection.
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, "67108864");
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    Connection connection = config.createConnection(url());
    try (Statement statement = connection.createStatement()) {
      if (readOnly) {
        // Not opened as read-only: a reader must be able to make the WAL's index.
        statement.execute("PRAGMA query_only = ON");
      } else {
        statement.execute("PRAGMA wal_autocheckpoint = " + LOG_PAGES);
        statement.execute("PRAGMA secure_delete = ON"); // What is deleted is overwritten.
      }
      requireDurable(statement);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Both settings can be refused without an error, and then a commit would promise too much. */
  private static void requireDurable(Statement statement) throws SQLException {
    if (!"wal".equals(pragma(statement, "journal_mode"))
        || !"2".equals(pragma(statement, "synchronous"))) {
      throw new SQLException("WAL with synchronous=FULL is not to be had on this file system");
    }
  }

  private static String pragma(Statement statement, String name) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      return row.getString(1);
    }
  }

  String url() {
    return "jdbc:sqlite:" + path;
  }

  public Path path() {
    return path;
  }

  /**
   * Begins an epoch because the operator says that the file was put back. Blocks.
   *
   * @return the number that its seqs are above from then on
   */
  public long beginEpoch() throws SQLException, IOException {
    return new SqliteEpoch(this, lock.mark()).begin();
  }

  /** Takes note of a commit of the writer's, which is on the disk. */
  void committed(long lastSeq, long nextId) {
    lock.mark().committed(lastSeq, nextId);
  }

  /** Why SQLite refused, in words that an operator can act on. */
  public static String reason(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      SQLiteErrorCode code = sqlite.getResultCode();
      return switch (code) {
        case SQLITE_FULL -> "the disk is full";
        case SQLITE_NOTADB -> "the file is not a SQLite database";
        case SQLITE_CANTOPEN -> "the file can't be opened";
        case SQLITE_READONLY, SQLITE_READONLY_DIRECTORY -> "the file is read-only";
        case SQLITE_CORRUPT -> "the file is damaged";
        default -> code.message.toLowerCase(Locale.ROOT) + " (" + code.name() + ")";
      };
    }
    return String.valueOf(e.getMessage());
  }

  private static String reason(Exception e) {
    if (e instanceof SQLException sql) {
      return reason(sql);
    } else if (e instanceof FileAlreadyExistsException taken) {
      return taken.getFile() + " is not a folder";
    } else if (e instanceof AccessDeniedException denied) {
      return "permission denied for " + denied.getFile();
    } else if (e instanceof FileSystemException other && other.getReason() != null) {
      return other.getFile() + ": " + other.getReason();
    }
    return String.valueOf(e.getMessage());
  }

  private static void closeQuietly(SqliteLock lock, Exception cause) {
    try {
      lock.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Lets the next process in. The connections must be closed by then. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
