/** Files with passwords, keys and certificates: read within bounds, refused where everybody could read a secret. */
@org.jspecify.annotations.NullMarked
package io.pingagent.keyfile;
