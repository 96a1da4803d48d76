package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/// A chain of images: what the top one does not have is in those below it.
///
/// **Threads:** any number.
///
/// @param layers from the top to the bottom, at least one
/// @param source the file of the top, in whose name zeros beyond all layers are told
/// @param pagesRead how many pages of tables were read so far, as [ChainFiles#pagesRead()]
public record Chain(List<? extends Layer> layers, Source source, LongSupplier pagesRead) {

    public Chain {
        layers = List.copyOf(layers);
    }

    Layer top() {
        return layers.getFirst();
    }

    /// Where the bytes from `position` are, up to `end` at most; never [Run.Kind#BELOW].
    Run runAt(long position, long end) throws IOException {
        long limit = end;
        for (var layer : layers) {
            if (position >= layer.size()) {
                // A layer that is smaller than the one on top of it reads as zeros there, whatever lies below it.
                break;
            }
            Run run = layer.runAt(position, Math.min(limit, layer.size()));
            if (run.kind() != Run.Kind.BELOW) {
                return run;
            }
            limit = run.end();
        }
        return Run.nowhere(position, limit, Run.Kind.ZERO, source);
    }
}
