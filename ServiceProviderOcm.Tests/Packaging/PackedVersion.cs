using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Packaging;
using ServiceProviderOcm.Packaging.Documents;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Support.Files;

namespace ServiceProviderOcm.Tests.Packaging;

/// <summary>The files of a version, made of stand-ins for the published programs and for the base image.</summary>
internal sealed class PackedVersion : IDisposable
{
    public const string Image = "registry.example.com/mine/service-provider-ocm";
    public const string Program = "ServiceProviderOcm.Worker";

    private static readonly string[] Architectures = ["amd64", "arm64"];

    private readonly TestFolder _folder = new();

    /// <summary>Writes the stand-ins, and the files of the version.</summary>
    /// <param name="written">The time of the stand-ins' files.</param>
    /// <param name="mode">What the umask leaves of their modes.</param>
    public PackedVersion(DateTime? written = null, UnixFileMode mode = Modes.Default)
    {
        foreach (var architecture in Architectures)
        {
            Executable($"programs/{architecture}/{Program}", $"program for {architecture}", mode);
            _folder.Write($"programs/{architecture}/appsettings.json", "{}");
            _folder.Write($"base/{architecture}/usr/lib/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n");
            _folder.Write(
                $"base/{architecture}/var/lib/dpkg/status.d/libc6",
                $"Package: libc6\nSource: glibc\nVersion: 2.36-9+deb12u14\nArchitecture: {architecture}\n");
            File.CreateSymbolicLink(_folder[$"base/{architecture}/lib64"], "lib");
        }

        foreach (var file in Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, written ?? DateTime.UnixEpoch);
        }

        BaseDigest = BaseImage.Write(Folders("base"), DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), Base);
        Digest = Packer.Pack(Options);
    }

    public string Base => _folder["base-layout"];

    public string BaseDigest { get; }

    public string Output => _folder["output"];

    public string Digest { get; }

    public PackOptions Options => new()
    {
        Facts = new VersionFacts(
            "0.1.7", new string('a', 40), DateTimeOffset.FromUnixTimeSeconds(1_750_000_000), new Uri("https://git.example.com/mine"), Image),
        Repository = RepositoryRoot.Find(),
        BaseLayout = Base,
        Programs = Folders("programs"),
        Component = "example.com/mine",
        Provider = "example.com",
        Sdk = "10.0.100",
        Builder = new Uri("https://git.example.com/mine/scripts/release"),
        Output = Output,
    };

    public string this[string file] => Path.Combine(Output, file);

    public string Text(string file) => File.ReadAllText(this[file]);

    public JsonElement Json(string file) => JsonReading.Parse(Text(file));

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string> Folders(string name) =>
        Architectures.ToDictionary(architecture => architecture, architecture => _folder[$"{name}/{architecture}"]);

    private void Executable(string name, string content, UnixFileMode mode)
    {
        var path = _folder.Write(name, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
