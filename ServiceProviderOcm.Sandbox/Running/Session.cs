using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Setup;
using ServiceProviderOcm.Sandbox.Clusters;
using ServiceProviderOcm.Sandbox.Provider;
using ServiceProviderOcm.Sandbox.Setup;
using ServiceProviderOcm.Sandbox.StandIns;

namespace ServiceProviderOcm.Sandbox.Running;

/// <summary>A platform with tenants, and the provider at work on it. Disposing ends all of it and removes what was written.</summary>
internal sealed class Session : IAsyncDisposable
{
    private const string LogName = "controller.log";

    private readonly TimeProvider _time;
    private readonly LogFile _log;
    private readonly WorkerHost _worker;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<StandInController> _standIns = [];
    private LocalClusters? _clusters;

    private Session(TimeProvider time)
    {
        _time = time;
        Folder = new SandboxFolder();
        _log = new LogFile(Folder.Create(LogName), time);
        _worker = new WorkerHost(PlatformSetup.ProviderNamespace, _log);
    }

    /// <summary>What the provider serves.</summary>
    public ProviderApi Served { get; } = new(ProviderApi.DefaultGroup);

    /// <summary>The clusters.</summary>
    public LocalClusters Clusters => _clusters!;

    /// <summary>What was written.</summary>
    public SandboxFolder Folder { get; }

    /// <summary>The controller's log.</summary>
    public string LogPath => Folder.PathOf(LogName);

    /// <summary>The provider at work. Fails if it ends although nobody has asked it to.</summary>
    public Task Provider { get; private set; } = Task.CompletedTask;

    /// <summary>Starts everything.</summary>
    /// <param name="flux">How Flux's stand-in fares.</param>
    /// <param name="say">Told each step.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="SandboxException">Something does not start.</exception>
    public static async Task<Session> StartAsync(
        FluxBehaviour flux, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        Session? session = null;
        try
        {
            session = new Session(time);
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

    /// <inheritdoc/>
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
        say("Starting three API servers in this process: platform, onboarding and MCP cluster");
        _clusters = await LocalClusters.StartAsync(Folder, _time, cancellationToken);
        foreach (var file in (ReadOnlySpan<string>)[Samples.OcmsFile, Samples.RepositoryFile])
        {
            Folder.Write(file, Samples.Text(file));
        }

        say("Installing the kinds of openMCP, Flux and the toolkit, and stand-ins for cluster provider and Flux");
        var setup = new PlatformSetup(Clusters, Served, _time);
        await setup.InstallDefinitionsAsync(cancellationToken);
        await setup.AddProviderAsync(cancellationToken);
        StartStandIns(flux);

        say("Installing the provider's kinds, as service-provider-ocm init does");
        if (await _worker.InitAsync(Flags(), cancellationToken) != 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new SandboxException($"init has failed. {_log.LastError}");
        }

        say("Configuring the provider and starting it, as service-provider-ocm run does");
        await setup.ConfigureAsync(cancellationToken);
        Provider = RunProviderAsync();

        say($"Three tenants ask for the toolkit: deploy/samples/{Samples.OcmsFile}");
        await setup.AddTenantsAsync(cancellationToken);
    }

    private void StartStandIns(FluxBehaviour flux)
    {
        var pace = new Pace(_time, Hesitation.For);
        _standIns.Add(new ClusterProviderStandIn(Clusters.Platform.Connect(ClusterProviderStandIn.Name), pace, GrantAsync));
        _standIns.Add(new FluxStandIn(Clusters.Platform.Connect(FluxStandIn.Name), pace) { Behaviour = flux });
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
            throw new SandboxException($"The controller has ended with exit code {code}. {_log.LastError}");
        }
    }

    // Those that openmcp-operator gives, the way to the platform cluster, where the provider may do everything, too, and no fixed port.
    private IReadOnlyList<string> Flags() =>
    [
        "--environment=sandbox",
        "--verbosity=INFO",
        $"--provider-name={PlatformSetup.ProviderName}",
        $"--kubeconfig={Clusters.Platform.KubeconfigFile}",
        "--health-probe-bind-address=127.0.0.1:0",
    ];
}
