package dev.rollcall.operations;

import dev.rollcall.users.Precondition;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a write to a named user says apart from its body.
 *
 * @param id the user
 * @param condition what the stored user must be like
 * @param op by which the write may be repeated; null where it can't
 */
public record Target(long id, Precondition condition, @Nullable UUID op) {}
