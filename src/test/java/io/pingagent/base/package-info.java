@NullMarked
package io.pingagent.base;

import org.jspecify.annotations.NullMarked;
