package io.pingagent.config.read;

/** Where an effective value comes from; a later constant wins over an earlier one. */
public enum Origin {
    DEFAULT,
    FILE,
    ENVIRONMENT
}
