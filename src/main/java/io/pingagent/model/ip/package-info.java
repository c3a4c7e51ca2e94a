/** Reading addresses and networks from text; the only package that uses the ipaddress library. */
@NullMarked
package io.pingagent.model.ip;

import org.jspecify.annotations.NullMarked;
