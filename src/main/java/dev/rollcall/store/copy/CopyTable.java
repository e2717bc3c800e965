package dev.rollcall.store.copy;

import dev.rollcall.users.UserSchema;
import java.util.List;

/**
 * One of the tables that make up what a store holds. They are the same in SQLite and in PostgreSQL.
 *
 * @param name its name in the database
 * @param columns its columns; the first one is the key, a number from 1
 */
record CopyTable(String name, List<Column> columns) {
  /** What a column holds. */
  enum Type {
    NUMBER,
    TEXT,
    BYTES
  }

  /** A column of a table, by its name in SQLite. */
  record Column(String name, Type type) {
    private static Column of(UserSchema.Column column) {
      return column instanceof UserSchema.NumberColumn
          ? number(column.name())
          : column instanceof UserSchema.TextColumn ? text(column.name()) : bytes(column.name());
    }
  }

  /** All tables, in the order in which a copy takes them. */
  static final List<CopyTable> ALL =
      List.of(
          new CopyTable("users", UserSchema.COLUMNS.stream().map(Column::of).toList()),
          table("credentials", number("id"), text("hash")),
          table(
              "changes",
              number("seq"),
              number("kind"),
              number("id"),
              number("version"),
              number("at"),
              text("user"),
              bytes("op"),
              number("content"),
              text("by")),
          table("retired_ids", number("id")),
          table("epochs", number("floor"), number("restored")),
          table(
              "api_keys",
              number("id"),
              text("name"),
              text("scopes"),
              bytes("hash"),
              number("created_at"),
              number("expires_at"),
              number("last_used_at"),
              text("made_by")),
          table(
              "signing_keys",
              number("id"),
              text("name"),
              bytes("public_key"),
              bytes("private_key"),
              number("created_at"),
              number("used_from"),
              number("until")),
          table(
              "receipt_keys",
              number("id"),
              text("name"),
              bytes("public_key"),
              bytes("private_key"),
              number("created_at")),
          table(
              "webhooks",
              number("id"),
              text("name"),
              text("url"),
              text("kinds"),
              number("with_user"),
              number("with_by"),
              text("secrets"),
              text("made_by"),
              number("created_at"),
              number("updated_at"),
              text("paused"),
              number("position"),
              number("lost"),
              number("failing_since"),
              text("last_error"),
              number("revision"),
              text("owner"),
              number("epoch"),
              number("lease_until")),
          table(
              "webhook_parked",
              number("id"),
              number("webhook"),
              number("user_id"),
              number("seq"),
              number("attempts"),
              number("due")),
          table(
              "kept_cursors",
              number("id"),
              text("name"),
              number("position"),
              number("created_at"),
              number("moved_at"),
              text("made_by")),
          table(
              "erasures",
              number("id"),
              number("user_id"),
              number("requested_at"),
              text("made_by"),
              number("seq"),
              number("ended_at")),
          table(
              "erasure_targets",
              number("id"),
              number("erasure"),
              text("kind"),
              text("name"),
              number("subject"),
              number("lost"),
              text("state"),
              number("at"),
              number("attempts"),
              text("detail"),
              number("due")));

  private static CopyTable table(String name, Column... columns) {
    return new CopyTable(name, List.of(columns));
  }

  private static Column number(String name) {
    return new Column(name, Type.NUMBER);
  }

  private static Column text(String name) {
    return new Column(name, Type.TEXT);
  }

  private static Column bytes(String name) {
    return new Column(name, Type.BYTES);
  }

  Column key() {
    return columns.get(0);
  }
}
