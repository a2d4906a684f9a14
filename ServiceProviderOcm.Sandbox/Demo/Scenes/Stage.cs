using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Naming;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Sandbox.Demo.Setup;
using ServiceProviderOcm.Sandbox.Demo.StandIns;
using ServiceProviderOcm.Sandbox.Demo.View;

namespace ServiceProviderOcm.Sandbox.Demo.Scenes;

/// <summary>Where a scene is played: does what it says on the clusters, and shows what happens.</summary>
/// <param name="clusters">The clusters.</param>
/// <param name="served">The API group.</param>
/// <param name="flux">The stand-in for Flux.</param>
/// <param name="watch">The status of the clusters.</param>
/// <param name="view">The output.</param>
/// <param name="time">Clock.</param>
/// <param name="pause">How long each line is left alone, so that a person can read it.</param>
/// <param name="stop">Ends the scene.</param>
internal sealed class Stage(
    ClusterApis clusters,
    ProviderApi served,
    FluxStandIn flux,
    PlatformStatusWatch watch,
    IView view,
    TimeProvider time,
    TimeSpan pause,
    CancellationToken stop)
{
    /// <summary>How long a person needs to read a line and to follow it in the table.</summary>
    public static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The clusters.</summary>
    public ClusterApis Clusters => clusters;

    /// <summary>The API group.</summary>
    public ProviderApi Served => served;

    /// <summary>The stand-in for Flux.</summary>
    public FluxStandIn Flux => flux;

    /// <summary>Ends the scene.</summary>
    public CancellationToken Stop => stop;

    /// <summary>What the platform creates for tenants.</summary>
    public PlatformSetup Setup { get; } = new(clusters, served, time);

    /// <summary>The namespace of a tenant on the platform cluster.</summary>
    public static string TenantNamespace(ObjectKey ocm) => PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);

    /// <summary>Says what happens.</summary>
    public Task SayAsync(string text)
    {
        view.Say("");
        view.Say($"  {text}");
        return PauseAsync();
    }

    /// <summary>Says why a command is entered, and runs it.</summary>
    public async Task RunAsync(string purpose, KubectlCommand command)
    {
        view.Say("");
        view.Say($"  {purpose}");
        view.Say($"  $ {command}");
        await PauseAsync();
        await command.SendAsync(command.Cluster.ApiIn(clusters), stop);
    }

    /// <summary>Shows the status until it is as expected, and says so.</summary>
    /// <param name="outcome">What can be seen then.</param>
    /// <param name="isReached">Whether the status is as expected.</param>
    public Task UntilAsync(string outcome, Func<PlatformStatus, bool> isReached) => UntilAsync(
        outcome,
        cancellationToken => isReached(watch.Last) ? Task.CompletedTask : view.ShowAsync(watch, isReached, isLast: false, cancellationToken));

    /// <summary>Shows the status until objects are as expected, and says so.</summary>
    public Task UntilAsync(string outcome, Func<CancellationToken, Task<bool>> isReachedAsync) => UntilAsync(
        outcome,
        async cancellationToken =>
        {
            using var reached = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var shown = view.ShowAsync(watch, _ => false, isLast: false, reached.Token);
            try
            {
                while (!await isReachedAsync(cancellationToken))
                {
                    await Task.Delay(PollInterval, time, cancellationToken);
                }
            }
            finally
            {
                await reached.CancelAsync();
                await shown.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });

    /// <summary>Says which commands can be tried now.</summary>
    public void Suggest(params IEnumerable<(string Purpose, string Command)> commands)
    {
        view.Say("");
        view.Say("  Try, in another terminal:");
        foreach (var (purpose, command) in commands)
        {
            view.Say($"  # {purpose}");
            view.Say($"  {command}");
        }
    }

    private async Task UntilAsync(string outcome, Func<CancellationToken, Task> showAsync)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await showAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new SceneException($"This did not happen within {Longest.TotalSeconds:0} s: {outcome}");
        }

        view.Say($"  > {outcome}");
        await PauseAsync();
    }

    private async Task PauseAsync()
    {
        if (pause > TimeSpan.Zero)
        {
            using var over = new CancellationTokenSource(pause, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stop);
            await view.ShowAsync(watch, _ => false, isLast: false, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
        }
    }
}
