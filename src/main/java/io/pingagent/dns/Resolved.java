package io.pingagent.dns;

import io.pingagent.model.IpAddress;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is known of a name. Immutable.
 *
 * <p>An address stays until an answer has others in its place:
 *
 * <ul>
 *   <li>a failed question keeps those of its family;
 *   <li>an empty answer keeps them as well, unless the other family has an answer with addresses.
 * </ul>
 *
 * In that case the name exists, and its owner took it out of this family.
 *
 * @param addresses at most {@link NameTable#MOST_ADDRESSES}, ascending
 * @param found how many there are, of which the first are {@code addresses}
 * @param failure why it does not resolve, or not all of it; empty if it does, or if nothing is known yet
 * @param unanswered the record type that failed while the other one was answered, A or AAAA. Empty if the failure is one of
 *     the whole name
 */
record Resolved(List<IpAddress> addresses, int found, String failure, String unanswered) {

    /** Nobody has answered yet. */
    static final Resolved PENDING = new Resolved(List.of(), 0, "");

    Resolved(List<IpAddress> addresses, int found, String failure) {
        this(addresses, found, failure, "");
    }

    Resolved {
        addresses = List.copyOf(addresses);
    }

    static Resolved of(List<Question> questions, Resolved before) {
        boolean isAnswered =
                questions.stream().anyMatch(question -> question.settled().kind() == Answer.Kind.ADDRESSES);
        TreeSet<IpAddress> all = new TreeSet<>();
        for (Question question : questions) {
            Answer answer = question.settled();
            if (answer.kind() == Answer.Kind.ADDRESSES) {
                all.addAll(answer.addresses());
            } else if (answer.kind() == Answer.Kind.FAILED || !question.isSettled() || !isAnswered) {
                before.addresses.stream()
                        .filter(address -> address.isV6() == question.isV6)
                        .forEach(all::add);
            }
        }
        List<IpAddress> some = all.stream().limit(NameTable.MOST_ADDRESSES).toList();
        return new Resolved(some, all.size(), failure(questions), isAnswered ? unanswered(questions) : "");
    }

    private static String unanswered(List<Question> questions) {
        return questions.stream()
                .filter(question -> question.settled().kind() == Answer.Kind.FAILED)
                .map(question -> question.isV6 ? "AAAA" : "A")
                .findFirst()
                .orElse("");
    }

    private static String failure(List<Question> questions) {
        String failed = reasons(questions, Answer.Kind.FAILED);
        boolean hasNone = questions.stream()
                .allMatch(question -> question.isSettled() && question.settled().kind() == Answer.Kind.NONE);
        return failed.isEmpty() && hasNone ? reasons(questions, Answer.Kind.NONE) : failed;
    }

    private static String reasons(List<Question> questions, Answer.Kind kind) {
        return questions.stream()
                .filter(question -> question.isSettled() && question.settled().kind() == kind)
                .map(question -> question.settled().reason())
                .distinct()
                .collect(Collectors.joining(" and "));
    }

    /** With these addresses, if it has none. */
    Resolved recalling(List<IpAddress> known) {
        return addresses.isEmpty() ? new Resolved(known, known.size(), failure, unanswered) : this;
    }
}
