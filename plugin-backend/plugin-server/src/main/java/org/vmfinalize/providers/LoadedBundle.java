package org.vmfinalize.providers;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.BackupFormat;

/// One version of a provider bundle in the framework. When another one takes its place it is asked no more, and goes when
/// the last backup that it has open is closed.
///
/// **Threads:** any number.
final class LoadedBundle {

    private static final Logger log = LoggerFactory.getLogger(LoadedBundle.class);

    /// A bundle that takes longer to start is left out.
    private static final long START_SECONDS = 30;

    private final Bundle bundle;
    private final String file;

    @GuardedBy("this")
    private int uses;

    @GuardedBy("this")
    private boolean retired;

    private final AtomicInteger stuck = new AtomicInteger();
    private volatile boolean started;
    private volatile @Nullable String lastFailure;

    /// @param bundle installed, not yet started
    /// @param file   the name of the file that it came from, for people
    LoadedBundle(Bundle bundle, String file) {
        this.bundle = bundle;
        this.file = file;
    }

    String file() {
        return file;
    }

    /// Whether it is packed into the server.
    boolean isBuiltIn() {
        return file.startsWith(BundleHost.BUILT_IN_PREFIX);
    }

    /// How many calls of its code nobody waits for any more, though they have not returned.
    int stuckCalls() {
        return stuck.get();
    }

    void addStuck(int calls) {
        stuck.addAndGet(calls);
    }

    String symbolicName() {
        return Optional.ofNullable(bundle.getSymbolicName()).orElse("");
    }

    String version() {
        return bundle.getVersion().toString();
    }

    boolean isStarted() {
        return started;
    }

    Optional<String> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    synchronized int uses() {
        return uses;
    }

    synchronized boolean isRetired() {
        return retired;
    }

    /// Remembers a failure, to be shown.
    ///
    /// @return whether it is the first
    boolean note(String failure) {
        boolean first = lastFailure == null;
        lastFailure = failure;
        return first;
    }

    /// Starts it, in a thread of its own: its code may do anything.
    ///
    /// @return whether that succeeded; else [#lastFailure()] says why not
    boolean start() {
        var done = new CompletableFuture<Boolean>();
        Thread.ofPlatform().daemon().name("provider-start-" + file).start(() -> {
            try {
                bundle.start();
                done.complete(true);
            } catch (BundleException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        try {
            started = done.get(START_SECONDS, TimeUnit.SECONDS);
            lastFailure = null;
        } catch (TimeoutException e) {
            failedToStart("it did not within %d s".formatted(START_SECONDS), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failedToStart("the server is stopping", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            Throwable inner = cause instanceof BundleException && cause.getCause() != null
                    ? cause.getCause()
                    : cause;
            failedToStart(String.valueOf(inner).replaceAll("\\p{Cntrl}+", " "), cause);
        }
        return started;
    }

    private void failedToStart(String why, Throwable cause) {
        lastFailure = "the bundle cannot be started: " + why;
        log.error("provider bundle {} cannot be started and is left out: {}", file, why, cause);
    }

    /// The formats that it provides now.
    List<BackupFormat> formats() {
        var formats = new ArrayList<BackupFormat>();
        try {
            ServiceReference<?>[] registered = bundle.getRegisteredServices();
            var context = bundle.getBundleContext();
            if (registered != null && context != null) {
                for (var reference : registered) {
                    if (isFormat(reference) && context.getService(reference) instanceof BackupFormat format) {
                        formats.add(format);
                    }
                }
            }
        } catch (IllegalStateException e) {
            // It has stopped itself meanwhile, which is as if it had no formats.
            note("the bundle stopped: " + e.getMessage());
        }
        return formats;
    }

    private static boolean isFormat(ServiceReference<?> reference) {
        return reference.getProperty(Constants.OBJECTCLASS) instanceof String[] names
                && List.of(names).contains(BackupFormat.class.getName());
    }

    /// Keeps it in the framework until [#release()].
    ///
    /// @return false if it has been replaced or removed
    synchronized boolean acquire() {
        if (retired) {
            return false;
        }
        uses++;
        return true;
    }

    /// Keeps it for one more use, for a caller that has [acquired][#acquire()] it.
    synchronized void acquireAgain() {
        uses++;
    }

    void release() {
        boolean last;
        synchronized (this) {
            uses--;
            last = retired && uses == 0;
        }
        if (last) {
            uninstall();
        }
    }

    /// Asks it no more, and lets it go when nothing uses it.
    void retire() {
        boolean unused;
        synchronized (this) {
            if (retired) {
                return;
            }
            retired = true;
            unused = uses == 0;
        }
        if (unused) {
            uninstall();
        }
    }

    private void uninstall() {
        try {
            bundle.uninstall();
            log.info("provider bundle {} {} has gone", file, version());
        } catch (BundleException | RuntimeException | Error e) {
            log.warn("provider bundle {} could not be removed cleanly; it stays until the server stops", file,
                    e);
        }
    }
}
