package dev.postern.api;

import dev.postern.audit.Receipt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Waits for several events to be recorded or lost, then tells once. It is used on one event loop only. */
final class Receipts {
    private final Executor executor;
    private final Consumer<Boolean> settled;
    private int waiting;
    private boolean complete = true;

    /** @param settled told, once {@code count} events are settled, whether all of them were recorded */
    Receipts(Executor executor, int count, Consumer<Boolean> settled) {
        this.executor = executor;
        this.waiting = count;
        this.settled = settled;
    }

    /** @param whenLost run if the event is lost */
    Receipt next(Runnable whenLost) {
        return new Receipt() {
            @Override
            public Executor executor() {
                return executor;
            }

            @Override
            public void recorded() {
                settle();
            }

            @Override
            public void lost() {
                complete = false;
                whenLost.run();
                settle();
            }
        };
    }

    private void settle() {
        if (--waiting == 0) {
            settled.accept(complete);
        }
    }
}
