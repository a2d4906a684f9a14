using System.Globalization;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>
/// The pods of openmcp-operator's Job and Deployment, as processes: a stand-in for kubelet and for Kubernetes' controllers of both kinds.
/// The operator sets neither probes nor a strategy: a pod is available once its process runs, and an update creates one more pod than
/// wanted before it ends an old one (25 % of one or two replicas, rounded up and down).
/// </summary>
/// <param name="world">The clusters.</param>
/// <param name="user">Whom the pods act as on the platform cluster.</param>
public sealed class ProviderPods(ProviderWorld world, string user) : IAsyncDisposable
{
    // That of Kubernetes: the operator sets none.
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(30);

    private readonly List<ProviderPod> _all = [];
    private readonly List<ProviderPod> _running = [];
    private KubeObject? _deployment;

    /// <summary>All pods there have been, those of Jobs among them.</summary>
    public IReadOnlyList<ProviderPod> All => _all;

    /// <summary>The pods of the Deployment that are not to end.</summary>
    public IReadOnlyList<ProviderPod> Running => _running;

    /// <summary>Starts the pod of a Job.</summary>
    public WorkerProcess Run(KubeObject job) => Start(job).Process;

    /// <summary>Updates the pods to those of a Deployment, and waits until the old ones have ended.</summary>
    /// <returns>The exit codes of the old ones.</returns>
    /// <exception cref="TimeoutException">One did not end within the grace period.</exception>
    public async Task<IReadOnlyList<int>> RollAsync(KubeObject deployment)
    {
        List<Task<int>> ending = [];
        var replicas = deployment.Json.Number("spec", "replicas") ?? 1;

        // A new number of replicas concerns the old pods first.
        while (_running.Count > replicas)
        {
            EndOldest();
        }

        while (_deployment is not null && _running.Count < replicas)
        {
            await AddAsync(_deployment);
        }

        _deployment = deployment;
        var old = _running.Count;
        for (var number = 0; number < replicas; number++)
        {
            await AddAsync(deployment);
            if (number < old)
            {
                EndOldest();
            }
        }

        return await Task.WhenAll(ending);

        void EndOldest()
        {
            ending.Add(_running[0].Process.TerminateAsync().WaitAsync(GracePeriod, TimeProvider.System));
            _running.RemoveAt(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _all)
        {
            await pod.Process.DisposeAsync();
        }
    }

    private async Task AddAsync(KubeObject deployment)
    {
        var pod = Start(deployment);
        _running.Add(pod);
        await Eventually.Async(() => pod.Process.Output.Count > 0, $"pod {pod.Name} runs");
    }

    private ProviderPod Start(KubeObject owner)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{owner.Name}-{_all.Count}");
        var podSpec = owner.Json.At("spec", "template", "spec")!.Value;
        var container = podSpec.Items("containers").Single();
        var environment = new Dictionary<string, string?> { ["KUBECONFIG"] = world.KubeconfigFile(world.Platform, user) };
        foreach (var variable in container.Items("env"))
        {
            environment[variable.Text("name")!] = variable.Text("value") ?? Field(variable.Text("valueFrom", "fieldRef", "fieldPath"));
        }

        // Access to the onboarding cluster is granted in this namespace.
        environment["POD_NAMESPACE"] = world.PodNamespace;
        var pod = new ProviderPod(name, WorkerProcess.Start(Arguments(container), environment));
        _all.Add(pod);
        return pod;

        string? Field(string? path) => path switch
        {
            "metadata.name" => name,
            "metadata.namespace" => world.PodNamespace,
            "status.podIP" => "127.0.0.1",
            "spec.serviceAccountName" => podSpec.Text("serviceAccountName"),
            _ => throw new InvalidOperationException($"{owner} has a variable from field {path}"),
        };
    }

    // Each pod has port 8080 for itself, and the processes of tests do not.
    private static IEnumerable<string> Arguments(JsonElement container) => container.Items("args")
        .Select(argument => argument.GetString()!)
        .Select(argument => argument == "--metrics-bind-address=:8080" ? "--metrics-bind-address=127.0.0.1:0" : argument);
}
