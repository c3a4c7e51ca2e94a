@NullMarked
package io.pingagent.redis;

import org.jspecify.annotations.NullMarked;
