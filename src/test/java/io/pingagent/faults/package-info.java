/** What the packaged agent does when the network or the host fails: one row of a table per fault. */
@NullMarked
package io.pingagent.faults;

import org.jspecify.annotations.NullMarked;
