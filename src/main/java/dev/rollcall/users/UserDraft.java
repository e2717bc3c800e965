package dev.rollcall.users;

import org.jspecify.annotations.Nullable;

/**
 * A user as a client wants it, valid by construction of {@link DraftReader}.
 *
 * @param id the wanted id; null when one is to be assigned, or when it stands elsewhere
 * @param name trimmed
 * @param email as given, or null
 * @param attributes a JSON object as text
 */
public record UserDraft(
    @Nullable Long id, String name, @Nullable String email, String attributes) {}
