package dev.rollcall.store.statements;

/**
 * What differs between the databases.
 *
 * @param clock an expression for the milliseconds since 1970
 * @param userColumn the column of the feed that has users
 * @param alone whether no other process can hold anything
 */
public record Dialect(String clock, String userColumn, boolean alone) {
  public static final Dialect SQLITE =
      new Dialect("CAST(unixepoch('subsec') * 1000 AS bigint)", "user", true);
  public static final Dialect POSTGRES =
      new Dialect(
          "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)", "user_json", false);
}
