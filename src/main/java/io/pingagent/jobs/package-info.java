/**
 * When to probe what: cron specs, their scheduling with Quartz, and job definitions. The only package that uses Quartz.
 */
@NullMarked
package io.pingagent.jobs;

import org.jspecify.annotations.NullMarked;
