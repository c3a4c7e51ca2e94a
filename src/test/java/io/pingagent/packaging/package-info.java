/** The DEB and RPM packages, installed where it does no harm. */
@NullMarked
package io.pingagent.packaging;

import org.jspecify.annotations.NullMarked;
