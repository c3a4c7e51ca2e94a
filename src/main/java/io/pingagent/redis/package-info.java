/** Everything that knows Redis: key names, jobs and groups read, state written, expiry events heard. */
@NullMarked
package io.pingagent.redis;

import org.jspecify.annotations.NullMarked;
