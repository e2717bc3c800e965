package dev.rollcall.followers.traces;

import dev.rollcall.jobs.IdList;

/** The users that a job is for. */
public record JobUsers(long job, IdList ids) {}
