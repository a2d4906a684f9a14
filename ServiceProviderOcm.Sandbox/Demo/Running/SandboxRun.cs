using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.Scenes;
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
        catch (Exception exception) when (
            exception is SandboxException or SceneException or KubernetesApiException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync(PrintableText.OneLine(exception.Message));
            return ExitCodes.Failure;
        }
    }

    private async Task RunSessionAsync(CancellationToken cancellationToken)
    {
        await using var session = await Session.StartAsync(settings.Flux, isWatched: !settings.ExitWhenReady, view.Say, time, cancellationToken);
        var platform = session.Clusters.Platform.Connect(ClientOptions.FieldManager);
        using var watch = new PlatformStatusWatch(session.Clusters.OnboardingApi, platform, session.Served, time);
        PrintClusters(session);
        var isScene = settings.Scene is not null;
        await ShowAsync(session, watch, isScene ? IsSettled : AreAllReady, isLast: settings.ExitWhenReady && !isScene, cancellationToken);
        view.Say("");
        view.Say($"All {_last.Ocms.Count} OCMs are Ready, {time.GetElapsedTime(_started).TotalSeconds:0.0} s after the start.");
        if (settings.Scene is { } scene)
        {
            await PlayAsync(scene, session, watch, cancellationToken);
        }

        if (settings.ExitWhenReady)
        {
            return;
        }

        PrintNextSteps(session, isScene);
        await ShowAsync(session, watch, _ => false, isLast: true, cancellationToken);
    }

    private async Task PlayAsync(Scene scene, Session session, PlatformStatusWatch watch, CancellationToken cancellationToken)
    {
        var picture = settings.Picture is null
            ? null
            : new PictureView(view, $"dotnet run --project ServiceProviderOcm.Sandbox -- --scene {scene.Name}", watch);
        var output = picture ?? view;
        output.Say("");
        output.Say($"Scene {scene.Name}: {scene.Summary}");
        await WhileProviderRunsAsync(
            session,
            watch,
            ending => scene.PlayAsync(new Stage(
                session.Clusters.Apis,
                session.Served,
                session.Flux,
                watch,
                output,
                time,
                settings.ExitWhenReady ? TimeSpan.Zero : Stage.ReadingTime,
                ending)),
            cancellationToken);
        if (picture is not null)
        {
            await File.WriteAllTextAsync(settings.Picture!, picture.ToSvg(), cancellationToken);
        }
    }

    private Task ShowAsync(
        Session session, PlatformStatusWatch watch, Func<PlatformStatus, bool> isEnough, bool isLast, CancellationToken cancellationToken) =>
        WhileProviderRunsAsync(session, watch, ending => view.ShowAsync(watch, isEnough, isLast, ending), cancellationToken);

    // Returns when the output is complete; throws if the provider ends before that.
    private async Task WhileProviderRunsAsync(
        Session session, PlatformStatusWatch watch, Func<CancellationToken, Task> showAsync, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var shown = showAsync(ended.Token);
        var first = await Task.WhenAny(shown, session.Provider);
        await ended.CancelAsync();
        await shown.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _last = watch.Last;
        await first;
    }

    private void PrintClusters(Session session)
    {
        var clusters = session.Clusters;
        view.Say("");
        view.Say("Clusters, each with a kubeconfig in this folder:");
        view.Say($"  {(OperatingSystem.IsWindows() ? "$" : "")}DIR=\"{session.Folder.Path}\"");
        foreach (var (cluster, content) in (ReadOnlySpan<(LocalCluster, string)>)
            [
                (clusters.Platform, "the controller, its ProviderConfig, Flux and its objects"),
                (clusters.Onboarding, "the OCMs of the tenants"),
                (clusters.ControlPlane, "the control plane, which the tenants share here"),
            ])
        {
            view.Say($"  {$"$DIR/{Path.GetFileName(cluster.KubeconfigFile)}",-20}  {cluster.Url.GetLeftPart(UriPartial.Authority)}  {content}");
        }

        view.Say("");
    }

    private void PrintNextSteps(Session session, bool isScene)
    {
        if (!isScene)
        {
            PrintCommands(session.Clusters, session.Folder);
            view.Say("");
            view.Say("Or play a scene: Ctrl+C, and start again with");
            foreach (var scene in Scene.All)
            {
                view.Say($"  --scene {scene.Name,-16}  {scene.Summary}");
            }
        }

        view.Say("");
        view.Say($"Log of the controller: {session.LogPath}");
        view.Say("Ctrl+C stops the sandbox and deletes its files.");
        view.Say("");
    }

    private void PrintCommands(LocalClusters clusters, SandboxFolder folder)
    {
        var steps = new NextSteps(
            clusters.Platform.KubeconfigFile,
            clusters.Onboarding.KubeconfigFile,
            clusters.ControlPlane.KubeconfigFile,
            folder.PathOf,
            OperatingSystem.IsWindows());
        view.Say("");
        view.Say("Next steps, in another terminal:");
        foreach (var (purpose, command) in steps.For(Samples.Ocms[0].Key))
        {
            view.Say("");
            view.Say($"  # {purpose}");
            view.Say($"  {command}");
        }
    }

    private static bool AreAllReady(PlatformStatus status) =>
        Samples.Ocms.All(ocm => status.Find(ocm.Key) is { IsReady: true });

    // A scene begins when the first rollout is reported to be complete, too.
    private static bool IsSettled(PlatformStatus status) => AreAllReady(status) && status.Rollout.IsComplete;

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
