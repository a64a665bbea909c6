package dev.postern.api;

import dev.postern.api.MediaTypes.Representation;
import dev.postern.cache.Lookup;
import dev.postern.cache.SecretCache;
import dev.postern.caller.Caller;
import dev.postern.policy.CurrentPolicy;
import dev.postern.policy.Policy;
import dev.postern.secret.Catalog;
import dev.postern.secret.InvalidReferenceException;
import dev.postern.secret.SecretRef;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code GET} and {@code HEAD /secrets?name=A&name=B}: each secret is authorized, read and recorded on its own. */
@Singleton
final class BulkHandler {
    private static final List<Representation> OFFERS =
            List.of(Representation.JSON, Representation.DOTENV, Representation.SHELL, Representation.DOCKER_ENV);

    private final Admission admission;
    private final Catalog catalog;
    private final CurrentPolicy policy;
    private final SecretCache cache;
    private final Lanes lanes;
    private final Problems problems;

    BulkHandler(
            Admission admission,
            Catalog catalog,
            CurrentPolicy policy,
            SecretCache cache,
            Lanes lanes,
            Problems problems) {
        this.admission = admission;
        this.catalog = catalog;
        this.policy = policy;
        this.cache = cache;
        this.lanes = lanes;
        this.problems = problems;
    }

    void handle(Exchange exchange) {
        admission.admit(exchange, this::read);
    }

    private void read(Exchange exchange, Caller caller) {
        List<BulkItem> items = items(exchange.request().query());
        BulkAnswer answer = new BulkAnswer(
                MediaTypes.choose(exchange.request().headers().getAll(HttpHeaders.ACCEPT), OFFERS), items);

        Policy now = policy.get();
        items.forEach(item -> attempt(exchange, item, () -> authorize(now, caller, item)));
        if (answer.isRefused(items)) {
            answer.send(exchange, items);
        } else {
            find(exchange, items, answer);
        }
    }

    /** A second spelling of a name counts as the name twice. */
    private List<BulkItem> items(String query) {
        List<BulkItem> items = new ArrayList<>();
        Set<SecretRef> seen = new HashSet<>();
        for (Map.Entry<String, SecretRef> name : BulkQuery.parse(query).entrySet()) {
            SecretRef asked = catalog.canonical(name.getValue());
            if (!seen.add(asked)) {
                throw new InvalidReferenceException("the query has a name twice");
            }
            items.add(new BulkItem(name.getKey(), asked));
        }
        return items;
    }

    private void authorize(Policy now, Caller caller, BulkItem item) {
        String rule = now.ruleFor(caller, item.asked());
        if (rule == null) {
            throw new ProblemException(Problem.of(ProblemType.FORBIDDEN).because("no-rule"));
        }
        item.access().allowed(rule);
        item.located(catalog.locate(item.asked()));
    }

    private void find(Exchange exchange, List<BulkItem> items, BulkAnswer answer) {
        List<BulkItem> missing = new ArrayList<>();
        for (BulkItem item : items) {
            Lookup hit = item.failed() ? null : cache.getIfPresent(item.key());
            if (hit != null) {
                attempt(exchange, item, () -> item.found(hit));
            } else if (!item.failed()) {
                missing.add(item);
            }
        }
        if (missing.isEmpty()) {
            send(exchange, items, answer);
            return;
        }
        // Counted on the request's event loop only.
        int[] left = {missing.size()};
        for (BulkItem item : missing) {
            lanes.run(item.address().backend(), exchange.executor(), () -> cache.load(item.key()))
                    .whenComplete((lookup, failure) -> exchange.resume(() -> {
                        if (failure != null) {
                            item.access().failed(problems.of(exchange, failure));
                        } else {
                            attempt(exchange, item, () -> item.found(lookup));
                        }
                        if (--left[0] == 0) {
                            send(exchange, items, answer);
                        }
                    }));
        }
    }

    private void send(Exchange exchange, List<BulkItem> items, BulkAnswer answer) {
        admission.attempt(exchange, () -> answer.send(exchange, items));
    }

    /** What goes wrong with one secret is told of that one. */
    private void attempt(Exchange exchange, BulkItem item, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            item.access().failed(problems.of(exchange, failure));
        }
    }
}
