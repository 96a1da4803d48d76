package org.vmfinalize.nfs.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// Decodes call headers (RFC 5531, section 9) and passes calls to their programs.
///
/// **Threads:** any number.
final class RpcDispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(RpcDispatcher.class);

    private final List<RpcProgram> programs;

    RpcDispatcher(List<RpcProgram> programs) {
        this.programs = List.copyOf(programs);
    }

    /// Answers the message in `record`, or hands it off.
    ///
    /// @throws RecordException if it is no call: there is nobody to answer to
    void dispatch(ByteBuffer record, ReplyPath path) throws RecordException {
        XdrReader in = new XdrReader(record);
        int xid;
        try {
            xid = in.readInt();
            if (in.readInt() != RpcMessage.CALL) {
                throw new RecordException("a message to a server must be a call");
            }
        } catch (XdrException e) {
            throw new RecordException("a call must have a header but " + e.getMessage());
        }
        try {
            dispatchCall(xid, in, path);
        } catch (XdrException e) {
            // Whatever is cut off within the header, the credentials are what is missing to decide on the call.
            reply(path, out -> RpcMessage.putAuthError(out, xid, RpcMessage.AUTH_BADCRED));
        }
    }

    private void dispatchCall(int xid, XdrReader in, ReplyPath path) throws XdrException {
        int rpcVersion = in.readInt();
        if (rpcVersion != RpcMessage.RPC_VERSION) {
            reply(path, out -> RpcMessage.putRpcMismatch(out, xid));
            return;
        }
        int number = in.readInt();
        int version = in.readInt();
        int procedure = in.readInt();
        Credential credential = Credential.parse(in.readInt(), in.readOpaque(Credential.MAX_BODY));
        if (!skipVerifier(in)) {
            reply(path, out -> RpcMessage.putAuthError(out, xid, RpcMessage.AUTH_BADVERF));
            return;
        }
        Optional<RpcProgram> program = program(number, version);
        if (program.isPresent()) {
            run(program.get(), new Call(path, xid, procedure, credential, in));
            return;
        }
        var versions = programs.stream().filter(known -> known.number() == number)
                .mapToInt(RpcProgram::version)
                .summaryStatistics();
        reply(path, out -> {
            if (versions.getCount() == 0) {
                RpcMessage.putAccepted(out, xid, RpcMessage.PROG_UNAVAIL);
            } else {
                RpcMessage.putProgramMismatch(out, xid, versions.getMin(), versions.getMax());
            }
        });
    }

    private static boolean skipVerifier(XdrReader in) {
        try {
            in.readInt();
            in.readOpaque(Credential.MAX_BODY);
            return true;
        } catch (XdrException _) {
            return false;
        }
    }

    private Optional<RpcProgram> program(int number, int version) {
        for (RpcProgram program : programs) {
            if (program.number() == number && program.version() == version) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    private static void run(RpcProgram program, Call call) {
        int procedure = call.procedure();
        if (procedure < 0 || procedure >= program.procedureCount()) {
            call.refuse(RpcMessage.PROC_UNAVAIL);
            return;
        }
        if (call.credential() instanceof Credential.None && !program.allowsAnonymous(procedure)) {
            reply(call.path(), out -> RpcMessage.putAuthError(out, call.xid(), RpcMessage.AUTH_TOOWEAK));
            return;
        }
        try {
            program.call(call);
        } catch (XdrException e) {
            LOG.debug("program {}, procedure {}: arguments from {} do not decode: {}", program.number(),
                    procedure,
                    call.client(), e.getMessage());
            refuse(call, RpcMessage.GARBAGE_ARGS);
        } catch (IOException | RuntimeException e) {
            LOG.error("program {}, procedure {}: a call of {} failed; it is answered as a system error",
                    program.number(),
                    procedure, call.client(), e);
            refuse(call, RpcMessage.SYSTEM_ERR);
        }
    }

    private static void refuse(Call call, int status) {
        if (!call.isAnswered() && !call.isDetached()) {
            call.refuse(status);
        }
    }

    private static void reply(ReplyPath path, Consumer<XdrWriter> message) {
        XdrWriter out = path.begin(false, Call.REPLY_HEADER_BYTES + RpcMessage.MAX_ERROR_BYTES);
        int start = out.position();
        message.accept(out);
        path.finish(out, start, false);
    }
}
