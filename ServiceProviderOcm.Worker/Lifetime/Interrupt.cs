using System.Runtime.InteropServices;

namespace ServiceProviderOcm.Worker.Lifetime;

/// <summary>Cancels a token when the process is asked to stop, by Ctrl+C, SIGTERM or another signal, instead of ending it.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Registers.</summary>
    /// <param name="cancellationToken">Cancels the token, too.</param>
    /// <param name="others">Signals besides SIGINT and SIGTERM.</param>
    public Interrupt(CancellationToken cancellationToken, params IEnumerable<PosixSignal> others)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations =
        [
            .. others.Append(PosixSignal.SIGINT).Append(PosixSignal.SIGTERM).Select(signal => PosixSignalRegistration.Create(signal, Stop)),
        ];
    }

    /// <summary>The token.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.Cancel();
    }
}
