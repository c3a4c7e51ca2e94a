package io.pingagent.zabbix.api;

import io.pingagent.base.OneLine;
import io.pingagent.zabbix.api.ApiException.Kind;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What web servers say when they do not let the API answer, in one line. Stateless. */
final class HttpAnswers {

    static final int MAX_ERROR_BYTES = 8192;

    private static final int MOST_CHARACTERS = 160;
    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>(.{0,200}?)</title>");

    private HttpAnswers() {}

    /** The failure that an HTTP status other than 200 stands for. */
    static ApiException failure(URI url, int status, String body) {
        String said = summary(body);
        String what = url + " answered HTTP " + status + (said.isEmpty() ? "" : " (" + said + ")");
        if (status == 401 || status == 403 || status == 407) {
            return new ApiException(
                    Kind.NOT_PERMITTED, what, "let the web server admit this machine to the path of the API");
        }
        if (status == 404 || status == 405 || status == 410) {
            return new ApiException(
                    Kind.REFUSED,
                    what,
                    "write the address of the Zabbix frontend, as in a browser, into zabbix.api-url; often it ends with"
                            + " /zabbix");
        }
        if (status == 413) {
            return new ApiException(Kind.REFUSED, what, "let the web server take requests of at least 2 MiB");
        }
        if (status >= 500) {
            return new ApiException(
                    Kind.AWAY,
                    what,
                    "look at the log of the web server and of PHP; the frontend has trouble of its own");
        }
        return new ApiException(Kind.REFUSED, what, "see that zabbix.api-url is the address of the Zabbix frontend");
    }

    /** An answer of status 200 that is no JSON-RPC. */
    static ApiException noApi(URI url, String start) {
        String said = summary(start);
        return new ApiException(
                Kind.REFUSED,
                url + " does not answer as the Zabbix API does" + (said.isEmpty() ? "" : ": '" + said + "'"),
                "write the address of the Zabbix frontend, as in a browser, into zabbix.api-url");
    }

    /** The title of a page, the first words of a text; nothing of the page itself. */
    static String summary(String body) {
        Matcher title = TITLE.matcher(body);
        String text = title.find() ? title.group(1) : body.stripLeading().startsWith("<") ? "" : body;
        return OneLine.of(text.strip().replaceAll("\\s+", " "), MOST_CHARACTERS);
    }
}
