using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Sandbox.Demo.Clusters;
using ServiceProviderOcm.Sandbox.Demo.Files;
using ServiceProviderOcm.Sandbox.Demo.Provider;
using ServiceProviderOcm.Sandbox.Demo.Setup;
using ServiceProviderOcm.Sandbox.Demo.StandIns;

namespace ServiceProviderOcm.Sandbox.Demo.Running;

/// <summary>A platform with three tenants, and the provider on it. Disposing stops all of it and deletes its files.</summary>
internal sealed class Session : IAsyncDisposable
{
    private const string LogName = "controller.log";

    private readonly TimeProvider _time;
    private readonly bool _isWatched;
    private readonly LogFile _log;
    private readonly WorkerHost _worker;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<StandInController> _standIns = [];
    private LocalClusters? _clusters;

    private Session(TimeProvider time, bool isWatched)
    {
        _time = time;
        _isWatched = isWatched;
        Folder = new SandboxFolder();
        _log = new LogFile(Folder.Create(LogName), time);
        _worker = new WorkerHost(PlatformSetup.ProviderNamespace, _log);
    }

    public ProviderApi Served { get; } = new(ProviderApi.DefaultGroup);

    public LocalClusters Clusters => _clusters!;

    /// <summary>The stand-in for Flux.</summary>
    public FluxStandIn Flux { get; private set; } = null!;

    /// <summary>The folder for all files.</summary>
    public SandboxFolder Folder { get; }

    /// <summary>The log file of the controller.</summary>
    public string LogPath => Folder.PathOf(LogName);

    /// <summary>The run of the provider. Fails if it ends by itself.</summary>
    public Task Provider { get; private set; } = Task.CompletedTask;

    /// <summary>Starts everything.</summary>
    /// <param name="flux">The behaviour of the stand-in for Flux.</param>
    /// <param name="isWatched">Whether a person follows: the stand-ins wait before they reconcile a change.</param>
    /// <param name="say">Prints each step.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="SandboxException">The start fails.</exception>
    public static async Task<Session> StartAsync(
        FluxBehaviour flux, bool isWatched, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        Session? session = null;
        try
        {
            session = new Session(time, isWatched);
            await session.StartAsync(flux, say, cancellationToken);
            return session;
        }
        catch (Exception exception)
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            if (exception is KubernetesApiException or SetupException or IOException)
            {
                throw new SandboxException($"The sandbox cannot start: {exception.Message}");
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stopping.CancelAsync();
            await Provider.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var standIn in _standIns)
            {
                await standIn.DisposeAsync();
            }

            if (_clusters is not null)
            {
                await _clusters.DisposeAsync();
            }
        }
        finally
        {
            _log.Dispose();
            Folder.Dispose();
            _stopping.Dispose();
        }
    }

    private async Task StartAsync(FluxBehaviour flux, Action<string> say, CancellationToken cancellationToken)
    {
        say("Starting the API servers of the platform, onboarding and MCP clusters");
        var definitions = Task.Run(PlatformCrds.Read, cancellationToken);
        _clusters = await LocalClusters.StartAsync(Folder, _time, cancellationToken);
        foreach (var file in (ReadOnlySpan<string>)[Samples.OcmFile, Samples.OcmsFile, Samples.RepositoryFile])
        {
            Folder.Write(file, Samples.Text(file));
        }

        say("Installing the CRDs of openMCP, Flux and the toolkit, and stand-ins for the cluster provider and Flux");
        var setup = new PlatformSetup(Clusters.Apis, Served, _time);
        await setup.InstallDefinitionsAsync(await definitions, cancellationToken);
        await setup.AddProviderAsync(cancellationToken);
        StartStandIns(flux);

        say("Installing the CRDs of the provider with service-provider-ocm init");
        if (await _worker.InitAsync(Flags(), cancellationToken) != 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new SandboxException($"init failed. {_log.LastError}");
        }

        say("Creating the ProviderConfig and starting service-provider-ocm run");
        await setup.ConfigureAsync(cancellationToken);
        Provider = RunProviderAsync();

        say($"Creating the OCMs of three tenants: deploy/samples/{Samples.OcmsFile}");
        await setup.AddTenantsAsync(cancellationToken);
    }

    private void StartStandIns(FluxBehaviour flux)
    {
        var pace = new Pace(_time, _isWatched ? ReconcileDelay.For : _ => TimeSpan.Zero);
        _standIns.Add(new ClusterProviderStandIn(Clusters.Platform.Connect(ClusterProviderStandIn.Name), pace, GrantAsync));
        Flux = new FluxStandIn(Clusters.Platform.Connect(FluxStandIn.Name), pace)
        {
            Behaviour = flux,
            StallsOn = RejectedValues.AreIn,
            StallMessage = RejectedValues.Message,
        };
        _standIns.Add(Flux);
        _standIns.ForEach(standIn => standIn.Start());
    }

    private async Task<string> GrantAsync(KubeObject request)
    {
        if (request.Namespace != PlatformSetup.ProviderNamespace)
        {
            return Clusters.ControlPlane.Kubeconfig(LocalCluster.Admin);
        }

        await AccessGrants.GrantAsync(Clusters.OnboardingApi, LocalCluster.Provider, request);
        return Clusters.Onboarding.Kubeconfig(LocalCluster.Provider);
    }

    private async Task RunProviderAsync()
    {
        var code = await _worker.RunAsync(Flags(), _stopping.Token);
        if (!_stopping.IsCancellationRequested)
        {
            throw new SandboxException($"The controller exited with code {code}. {_log.LastError}");
        }
    }

    // The flags that openmcp-operator sets, the kubeconfig of the platform cluster, and no fixed port.
    private IReadOnlyList<string> Flags() =>
    [
        "--environment=sandbox",
        "--verbosity=INFO",
        $"--provider-name={PlatformSetup.ProviderName}",
        $"--kubeconfig={Clusters.Platform.KubeconfigFile}",
        "--health-probe-bind-address=127.0.0.1:0",
    ];
}
