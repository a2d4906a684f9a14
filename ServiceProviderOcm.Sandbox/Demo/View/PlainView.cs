using System.Globalization;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>One line per change, for files and pipes.</summary>
internal sealed class PlainView(TextWriter output) : IView
{
    public static string Line(StatusChange change) => PrintableText.OneLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{change.At:HH:mm:ss.f}  {change.Subject,-32}  {change.Kind,-14}  {change.State,-11}  {change.Message}").TrimEnd());

    public void Say(string text) => output.WriteLine(text);

    public async Task ShowAsync(PlatformStatusWatch watch, Func<PlatformStatus, bool> isEnough, bool isLast, CancellationToken cancellationToken)
    {
        await foreach (var status in watch.ReadAsync(cancellationToken))
        {
            output.WriteLine(Line(status.Latest[^1]));
            if (isEnough(status))
            {
                return;
            }
        }
    }
}
