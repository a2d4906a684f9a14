using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.View;
using ServiceProviderOcm.Worker.Lifetime;

namespace ServiceProviderOcm.Sandbox.Demo.Running;

/// <summary>Runs the sandbox.</summary>
/// <param name="settings">The options of the command line.</param>
/// <param name="view">The output.</param>
/// <param name="errors">Gets errors, one per line.</param>
/// <param name="time">Clock.</param>
internal sealed class SandboxRun(SandboxSettings settings, IView view, TextWriter errors, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private PlatformStatus _last = PlatformStatus.Empty;

    /// <summary>Runs the sandbox until it is done or stopped.</summary>
    /// <param name="stop">Stops it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(settings.TimeLimit ?? Timeout.InfiniteTimeSpan, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            await RunSessionAsync(ending.Token);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return !settings.ExitWhenReady ? ExitCodes.Success : ReportFailure(
                stop.IsCancellationRequested
                    ? "Interrupted before all OCMs were Ready."
                    : $"Not all OCMs are Ready within {settings.TimeLimit!.Value.TotalSeconds:0.#} s:");
        }
        catch (Exception exception) when (exception is SandboxException or IOException)
        {
            await errors.WriteLineAsync(PrintableText.OneLine(exception.Message));
            return ExitCodes.Failure;
        }
    }

    private async Task RunSessionAsync(CancellationToken cancellationToken)
    {
        await using var session = await Session.StartAsync(settings.Flux, view.Say, time, cancellationToken);
        var platform = session.Clusters.Platform.Connect(ClientOptions.FieldManager);
        using var watch = new PlatformStatusWatch(session.Clusters.OnboardingApi, platform, session.Served, time);
        view.Say("");
        await ShowAsync(session, watch, AreAllReady, isLast: settings.ExitWhenReady, cancellationToken);
        view.Say("");
        view.Say($"All {_last.Ocms.Count} OCMs are Ready, {time.GetElapsedTime(_started).TotalSeconds:0.0} s after the start.");
        if (settings.ExitWhenReady)
        {
            return;
        }

        PrintNextSteps(session);
        await ShowAsync(session, watch, _ => false, isLast: true, cancellationToken);
    }

    // Returns when the output is complete; throws if the provider ends before that.
    private async Task ShowAsync(
        Session session, PlatformStatusWatch watch, Func<PlatformStatus, bool> isEnough, bool isLast, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var shown = view.ShowAsync(watch, isEnough, isLast, ended.Token);
        var first = await Task.WhenAny(shown, session.Provider);
        await ended.CancelAsync();
        await shown.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _last = watch.Last;
        await first;
    }

    private void PrintNextSteps(Session session)
    {
        var clusters = session.Clusters;
        var steps = new NextSteps(
            clusters.Platform.KubeconfigFile,
            clusters.Onboarding.KubeconfigFile,
            clusters.ControlPlane.KubeconfigFile,
            session.Folder.PathOf,
            OperatingSystem.IsWindows());
        view.Say("");
        view.Say("Next steps, in another terminal:");
        foreach (var (purpose, command) in steps.For(Samples.Ocms[0].Key))
        {
            view.Say("");
            view.Say($"  # {purpose}");
            view.Say($"  {command}");
        }

        view.Say("");
        view.Say($"Log of the controller: {session.LogPath}");
        view.Say("Ctrl+C stops the sandbox and deletes its files.");
        view.Say("");
    }

    private static bool AreAllReady(PlatformStatus status) =>
        Samples.Ocms.All(ocm => status.Find(ocm.Key) is { IsReady: true });

    private int ReportFailure(string why)
    {
        errors.WriteLine(why);
        foreach (var key in Samples.Ocms.Select(ocm => ocm.Key))
        {
            if (_last.Find(key) is not { IsReady: true } and var ocm)
            {
                errors.WriteLine($"  {key}  {Cause(ocm)}");
            }
        }

        return ExitCodes.Failure;
    }

    private static string Cause(OcmSummary? ocm) => ocm switch
    {
        null => "does not exist yet: the sandbox was still starting",
        { Phase: "" } => ocm.Message,
        _ => $"{ocm.Phase}  {ocm.Reason}  {ocm.Message}",
    };
}
