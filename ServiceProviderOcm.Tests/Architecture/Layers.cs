namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>
/// The folders of each project, from the bottom to the top, and which others each may use. This is the only place that says so;
/// <see cref="ArchitectureTests"/> compares it with the compiled code.
/// </summary>
internal static class Layers
{
    /// <summary>The product: a controller runtime, the model, the stages in the order in which an OCM passes them, and the tools.</summary>
    public static IReadOnlyList<Layer> Core { get; } =
    [
        // a small controller runtime, without knowledge of OCMs
        new("Core/Kubernetes/Text"),
        new("Core/Kubernetes/Objects", "Core/Kubernetes/Text"),
        new("Core/Kubernetes/Yaml", "Core/Kubernetes/Text", "Core/Kubernetes/Objects"),
        new("Core/Kubernetes/Telemetry", "Core/Kubernetes/Objects"),
        new("Core/Kubernetes/Timing"),
        new("Core/Kubernetes/ServerSideApply", "Core/Kubernetes/Objects"),
        new("Core/Kubernetes/Client",
            "Core/Kubernetes/Text", "Core/Kubernetes/Objects", "Core/Kubernetes/Telemetry", "Core/Kubernetes/Timing"),
        new("Core/Kubernetes/Informers",
            "Core/Kubernetes/Objects", "Core/Kubernetes/Telemetry", "Core/Kubernetes/Timing", "Core/Kubernetes/Client"),
        new("Core/Kubernetes/Kubeconfig",
            "Core/Kubernetes/Text", "Core/Kubernetes/Objects", "Core/Kubernetes/Telemetry", "Core/Kubernetes/Yaml", "Core/Kubernetes/Client",
            "Core/Kubernetes/Informers"),
        new("Core/Kubernetes/WorkQueue", "Core/Kubernetes/Objects", "Core/Kubernetes/Telemetry", "Core/Kubernetes/Timing"),
        new("Core/Kubernetes/LeaderElection", "Core/Kubernetes/Objects", "Core/Kubernetes/Client"),

        new("Core/Naming"),
        new("Core/Model/Api", "Core/Kubernetes/Objects", "Core/Naming"),
        new("Core/Model/States"),
        new("Core/Model/Configuration", "Core/Kubernetes/Text", "Core/Kubernetes/Objects", "Core/Model/Api", "Core/Model/States"),
        new("Core/Model/Orphans", "Core/Kubernetes/Objects", "Core/Naming", "Core/Model/Api"),
        new("Core/Model", "Core/Kubernetes/Text", "Core/Kubernetes/Objects", "Core/Model/*"),

        // how a change of the configuration reaches all OCMs; pure
        new("Core/Rollout", "Core/Kubernetes/Objects", "Core/Kubernetes/Text", "Core/Model", "Core/Model/*"),

        // what is watched for OCMs
        new("Core/Watch", "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*"),

        // the stages: none uses another
        new("Core/Observe", "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Watch"),
        new("Core/Plan", "Core/Kubernetes/*", "Core/Model", "Core/Model/*"),
        new("Core/Apply", "Core/Kubernetes/*", "Core/Model", "Core/Model/*"),
        new("Core/Report", "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Rollout"),

        // the only place where they meet
        new("Core/Controller",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Rollout", "Core/Watch", "Core/Observe", "Core/Plan",
            "Core/Apply", "Core/Report"),

        // init, check, cleanup, status and render
        new("Core/Setup/Onboarding", "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*"),
        new("Core/Setup/Groups", "Core/Kubernetes/*", "Core/Naming", "Core/Model/Api"),
        new("Core/Setup", "Core/Kubernetes/*", "Core/Model/*", "Core/Setup/Onboarding"),
        new("Core/Tools/Check", "Core/Kubernetes/*", "Core/Naming", "Core/Model/*", "Core/Plan", "Core/Report", "Core/Setup", "Core/Setup/*"),
        new("Core/Tools/Render", "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Plan"),
        new("Core/Tools/Cleanup", "Core/Kubernetes/*", "Core/Model", "Core/Model/*", "Core/Plan", "Core/Apply"),
        new("Core/Tools/Migrate",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Plan", "Core/Apply", "Core/Report"),
        new("Core/Tools/Rollouts",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Rollout", "Core/Plan", "Core/Report"),
        new("Core/Tools/Diff",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Rollout", "Core/Plan", "Core/Tools/Render",
            "Core/Tools/Rollouts"),
        new("Core/Tools/Status",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model/*", "Core/Rollout", "Core/Report", "Core/Tools/Rollouts"),
        new("Core/Tools/Describe",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model", "Core/Model/*", "Core/Tools/Rollouts", "Core/Tools/Status"),
    ];

    /// <summary>The program: command line, settings, logs and endpoints.</summary>
    public static IReadOnlyList<Layer> Worker { get; } =
    [
        new("Worker/Lifetime"),
        new("Worker/Logging", "Core/Kubernetes/Text", "Core/Kubernetes/Objects"),
        new("Worker/Output",
            "Core/Kubernetes/Text", "Core/Kubernetes/Objects", "Core/Kubernetes/Yaml", "Core/Model/Configuration", "Core/Model/Orphans",
            "Core/Rollout", "Core/Tools/*"),
        new("Worker/Settings", "Core/Kubernetes/Objects", "Core/Model/*", "Core/Setup/Onboarding"),
        new("Worker/Connections", "Core/Kubernetes/*", "Core/Model/*", "Core/Controller", "Core/Setup/*", "Worker/Settings"),
        new("Worker/Telemetry", "Core/Controller", "Worker/Settings"),
        new("Worker/Endpoints",
            "Core/Kubernetes/*", "Core/Controller", "Worker/Lifetime", "Worker/Settings", "Worker/Connections", "Worker/Telemetry"),
        new("Worker/Hosting",
            "Core/Kubernetes/*", "Core/Model/*", "Core/Controller", "Core/Setup", "Core/Setup/*",
            "Worker/Lifetime", "Worker/Logging", "Worker/Settings", "Worker/Connections", "Worker/Telemetry", "Worker/Endpoints"),
        new("Worker/CommandLine",
            "Core/Kubernetes/*", "Core/Model", "Core/Model/*", "Core/Controller", "Core/Setup", "Core/Setup/*", "Core/Tools/*",
            "Worker/Lifetime", "Worker/Output", "Worker/Settings", "Worker/Connections", "Worker/Endpoints", "Worker/Hosting"),
        new("Worker", "Worker/CommandLine"),
    ];

    /// <summary>Not shipped: an API server in memory, without knowledge of OCMs, and the demo.</summary>
    public static IReadOnlyList<Layer> Sandbox { get; } =
    [
        new("Sandbox/ApiServer/Json"),
        new("Sandbox/ApiServer/Storage", "Sandbox/ApiServer/Json"),
        new("Sandbox/ApiServer/Errors", "Core/Kubernetes/Objects", "Sandbox/ApiServer/Json"),
        new("Sandbox/ApiServer/Selection", "Core/Kubernetes/Objects", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Errors"),
        new("Sandbox/ApiServer/Schema", "Core/Kubernetes/Objects", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Errors"),
        new("Sandbox/ApiServer/Ownership", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Errors", "Sandbox/ApiServer/Schema"),
        new("Sandbox/ApiServer/Serving",
            "Core/Kubernetes/Objects", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Storage", "Sandbox/ApiServer/Schema"),
        new("Sandbox/ApiServer/Access", "Core/Kubernetes/Objects", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Storage"),
        new("Sandbox/ApiServer/Faults", "Sandbox/ApiServer/Errors", "Sandbox/ApiServer/Access"),
        new("Sandbox/ApiServer/Discovery", "Core/Kubernetes/Objects", "Sandbox/ApiServer/Serving"),
        new("Sandbox/ApiServer/Printing", "Core/Kubernetes/Objects", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Serving"),
        new("Sandbox/ApiServer/Writes",
            "Core/Kubernetes/Objects", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Storage", "Sandbox/ApiServer/Errors",
            "Sandbox/ApiServer/Schema", "Sandbox/ApiServer/Ownership", "Sandbox/ApiServer/Serving"),
        new("Sandbox/ApiServer/Http",
            "Core/Kubernetes/*", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Storage", "Sandbox/ApiServer/Errors",
            "Sandbox/ApiServer/Selection", "Sandbox/ApiServer/Serving", "Sandbox/ApiServer/Access", "Sandbox/ApiServer/Faults",
            "Sandbox/ApiServer/Discovery", "Sandbox/ApiServer/Printing", "Sandbox/ApiServer/Writes"),
        new("Sandbox/ApiServer", "Core/Kubernetes/Objects", "Sandbox/ApiServer/*"),

        new("Sandbox/Demo/StandIns", "Core/Kubernetes/*", "Core/Model", "Core/Model/Api"),
        new("Sandbox/Demo/Files", "Core/Kubernetes/*", "Core/Model/Api"),
        new("Sandbox/Demo/Clusters",
            "Core/Kubernetes/*", "Core/Controller", "Sandbox/ApiServer", "Sandbox/ApiServer/Json", "Sandbox/ApiServer/Access", "Sandbox/Demo/StandIns",
            "Sandbox/Demo/Files"),
        new("Sandbox/Demo/Setup",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model/*", "Core/Setup", "Sandbox/Demo/StandIns", "Sandbox/Demo/Files",
            "Sandbox/Demo/Clusters"),
        new("Sandbox/Demo/Provider", "Core/Kubernetes/Text", "Worker/*"),
        new("Sandbox/Demo/View", "Core/Kubernetes/*", "Core/Model", "Core/Model/*", "Core/Tools/Status"),
        new("Sandbox/Demo/Scenes",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model/*", "Core/Tools/Status", "Sandbox/Demo/StandIns", "Sandbox/Demo/Files",
            "Sandbox/Demo/Clusters", "Sandbox/Demo/Setup", "Sandbox/Demo/View"),
        new("Sandbox/Demo/Running",
            "Core/Kubernetes/*", "Core/Naming", "Core/Model/*", "Core/Controller", "Core/Setup", "Core/Tools/Status", "Worker/Lifetime",
            "Sandbox/Demo/*"),
        new("Sandbox", "Worker/CommandLine", "Sandbox/Demo/Running"),
    ];

    /// <summary>Not shipped: makes the files of a version.</summary>
    public static IReadOnlyList<Layer> Packaging { get; } =
    [
        new("Packaging/Oci", "Core/Kubernetes/Objects"),
        new("Packaging/Documents", "Core/Kubernetes/Objects", "Packaging/Oci"),
        new("Packaging", "Core/Kubernetes/Objects", "Packaging/*"),
    ];
}
