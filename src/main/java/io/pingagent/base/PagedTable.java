package io.pingagent.base;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table in pages that are made when they are first needed, because there may be a million rows, or few with high numbers.
 * A page is what the user makes of it: one primitive array, or an object with an array for each column.
 *
 * <p>Any thread may look up and make pages. A page is published with what its maker wrote into it; ordering what is written
 * later is the user's business. A look-up takes no lock: a shift, the load of the directory and of the page, a check of its
 * type.
 *
 * @param <P> type of a page
 */
public final class PagedTable<P> {

    private static final int MAX_PAGE_BITS = 30;

    private final int pageBits;
    private final Supplier<P> newPage;
    /** Replaced, never changed. */
    private volatile @Nullable Object[] pages = {};

    /**
     * @param pageBits a page has two to the power of it rows, 1 to 30
     * @param newPage makes a page; called under the table's lock
     */
    public PagedTable(int pageBits, Supplier<P> newPage) {
        if (pageBits < 1 || pageBits > MAX_PAGE_BITS) {
            throw new IllegalArgumentException("pages of 2^" + pageBits + " rows");
        }
        this.pageBits = pageBits;
        this.newPage = newPage;
    }

    /**
     * The page of a row that is known to have one.
     *
     * @throws IndexOutOfBoundsException or {@link NullPointerException} if it has none
     */
    @SuppressWarnings("unchecked") // only pages of newPage are in it
    public P get(int row) {
        return (P) Objects.requireNonNull(pages[row >>> pageBits]);
    }

    /** The page of a row, or null if none was made. */
    @SuppressWarnings("unchecked")
    public @Nullable P find(int row) {
        @Nullable Object[] present = pages;
        int number = row >>> pageBits;
        return number < present.length ? (P) present[number] : null;
    }

    /** The page of a row, which is made if there is none. */
    public P make(int row) {
        P page = find(row);
        return page != null ? page : add(row);
    }

    private synchronized P add(int row) {
        P page = find(row);
        if (page == null) {
            int number = row >>> pageBits;
            page = newPage.get();
            @Nullable Object[] more = Arrays.copyOf(pages, Math.max(pages.length, number + 1));
            more[number] = page;
            pages = more;
        }
        return page;
    }

    /** Rows with a page are below this; a multiple of the rows of a page. */
    public long limit() {
        return (long) pages.length << pageBits;
    }

    /** Forgets all pages. */
    public synchronized void clear() {
        pages = new Object[0];
    }
}
