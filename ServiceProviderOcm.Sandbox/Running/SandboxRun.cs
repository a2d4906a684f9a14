using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Sandbox.Setup;
using ServiceProviderOcm.Sandbox.View;
using ServiceProviderOcm.Worker;
using ServiceProviderOcm.Worker.Logging;

namespace ServiceProviderOcm.Sandbox.Running;

/// <summary>The program from its start to its end.</summary>
/// <param name="settings">What is asked for.</param>
/// <param name="view">Shows it.</param>
/// <param name="errors">Told, in a line each, why it has not gone well.</param>
/// <param name="time">Clock.</param>
internal sealed class SandboxRun(SandboxSettings settings, IView view, TextWriter errors, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private Standing _last = Standing.Empty;

    /// <summary>Runs the sandbox until it is done, or stopped.</summary>
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
            return !settings.ExitWhenReady ? ExitCodes.Success : Fail(
                stop.IsCancellationRequested
                    ? "Interrupted before all OCMs were Ready."
                    : $"Not all OCMs are Ready within {settings.TimeLimit!.Value.TotalSeconds:0.#} s:");
        }
        catch (Exception exception) when (exception is SandboxException or IOException)
        {
            await errors.WriteLineAsync(OneLine.Of(exception.Message));
            return ExitCodes.Failure;
        }
    }

    private async Task RunSessionAsync(CancellationToken cancellationToken)
    {
        await using var session = await Session.StartAsync(settings.Flux, view.Say, time, cancellationToken);
        using var following = new Following(session.Clusters.OnboardingApi, session.Clusters.PlatformApi, session.Served, time);
        view.Say("");
        await ShowAsync(session, following, AreAllReady, isLast: settings.ExitWhenReady, cancellationToken);
        view.Say("");
        view.Say($"All {_last.Ocms.Count} OCMs are Ready, {time.GetElapsedTime(_started).TotalSeconds:0.0} s after the start.");
        if (settings.ExitWhenReady)
        {
            return;
        }

        Explain(session);
        await ShowAsync(session, following, _ => false, isLast: true, cancellationToken);
    }

    // Ends with the first of: what is shown, the provider. The latter does not end by itself.
    private async Task ShowAsync(
        Session session, Following following, Func<Standing, bool> isEnough, bool isLast, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var shown = view.ShowAsync(following, isEnough, isLast, ended.Token);
        var first = await Task.WhenAny(shown, session.Provider);
        await ended.CancelAsync();
        await shown.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _last = following.Last;
        await first;
    }

    private void Explain(Session session)
    {
        var clusters = session.Clusters;
        var steps = new NextSteps(
            clusters.Platform.KubeconfigFile,
            clusters.Onboarding.KubeconfigFile,
            clusters.ControlPlane.KubeconfigFile,
            session.Folder.PathOf,
            OperatingSystem.IsWindows());
        view.Say("");
        view.Say("How to go on, in another terminal:");
        foreach (var (purpose, command) in steps.For(Samples.Ocms[0].Key))
        {
            view.Say("");
            view.Say($"  # {purpose}");
            view.Say($"  {command}");
        }

        view.Say("");
        view.Say($"The controller's log is in {session.LogPath}");
        view.Say("Ctrl+C ends it all and removes what it has written.");
        view.Say("");
    }

    private static bool AreAllReady(Standing standing) =>
        Samples.Ocms.All(ocm => standing.Find(ocm.Key) is { IsReady: true });

    private int Fail(string why)
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
        null => "is not there: the sandbox had not started yet",
        { Phase: "" } => ocm.Message,
        _ => $"{ocm.Phase}  {ocm.Reason}  {ocm.Message}",
    };
}
