/**
 * The configuration: immutable, read from one YAML file and the environment, checked once. The only package that uses the
 * YAML library.
 */
@NullMarked
package io.pingagent.config;

import org.jspecify.annotations.NullMarked;
